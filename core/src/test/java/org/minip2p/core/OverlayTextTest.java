package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTextTest {
    private static final int ONION_BYTES = 12;

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0xa7);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"aaaaaaaaaaaaaaaa:1", "zzzzzzzzzzzzzzzz:65535", "aaimaq4ygg2iegci:80"})
    void readsAndWritesOnions(String text) {
        byte[] onion = OverlayText.parseOnion(text, ONION_BYTES);

        assertThat(onion).hasSize(ONION_BYTES);
        assertThat(OverlayText.formatOnion(onion, ONION_BYTES)).isEqualTo(text);
    }

    @Test
    void saysWhatAnOnionLacks() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.parseOnion("aaimaq4ygg2iegci", ONION_BYTES))
                .withMessageContaining("host:port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.parseOnion(":80", ONION_BYTES))
                .withMessage("an onion host has 10 bytes, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.parseOnion("aaimaq4ygg2iegci:0", ONION_BYTES))
                .withMessageContaining("port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.formatOnion(bytes(11), ONION_BYTES))
                .withMessage("an onion host has 10 bytes, not 9");
        byte[] portZero = bytes(ONION_BYTES);
        portZero[10] = 0;
        portZero[11] = 0;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.formatOnion(portZero, ONION_BYTES))
                .withMessageContaining("port");
    }

    /** Ports in which one byte is zero. */
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 0xff00})
    void takesAnyOtherPort(int port) {
        String text = "aaimaq4ygg2iegci:" + port;

        assertThat(OverlayText.formatOnion(OverlayText.parseOnion(text, ONION_BYTES), ONION_BYTES))
                .isEqualTo(text);
    }

    /** Lengths that need each number of padding characters. */
    @ParameterizedTest
    @ValueSource(ints = {386, 387, 388, 400})
    void padsI2pDestinations(int length) {
        String text = OverlayText.formatGarlic64(bytes(length));

        assertThat(text.length() % 4).isZero();
        assertThat(text.chars().filter(c -> c == '=').count()).isEqualTo((3 - length % 3) % 3);
        assertThat(OverlayText.parseGarlic64(text)).isEqualTo(bytes(length));
    }

    @Test
    void refusesShortI2pDestinations() {
        String tooShort = BitText.BASE64_I2P.encode(bytes(385));

        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.parseGarlic64(tooShort));
        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.formatGarlic64(bytes(385)));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 35, 36, 60})
    void readsAndWritesI2pAddresses(int length) {
        assertThat(OverlayText.parseGarlic32(OverlayText.formatGarlic32(bytes(length))))
                .isEqualTo(bytes(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 34})
    void refusesOtherI2pAddresses(int length) {
        String text = BitText.BASE32.encode(bytes(length));

        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.parseGarlic32(text));
        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.formatGarlic32(bytes(length)));
    }

    @Test
    void refusesHashesThatAreNoMultihash() {
        byte[] shorterThanItSays = {0x12, 3, 1, 1};

        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.formatCertificateHash(shorterThanItSays));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.parseCertificateHash("u" + BitText.BASE64_URL.encode(shorterThanItSays)));
        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.formatCertificateHash(new byte[0]));
    }

    @Test
    void escapesInAPathWhatIsNotUnreserved() {
        byte[] path = "A/a~\u00e4".getBytes(StandardCharsets.UTF_8);

        assertThat(OverlayText.formatHttpPath(path)).isEqualTo("A%2Fa~%C3%A4");
        assertThat(OverlayText.parseHttpPath("A%2Fa~%C3%A4")).isEqualTo(path);
        assertThat(OverlayText.parseHttpPath("%41")).isEqualTo(new byte[] {'A'});
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "a%4", "%4g", "%g4", "%41%4"})
    void refusesPercentSignsWithoutTwoDigits(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OverlayText.parseHttpPath(text))
                .withMessageContaining("two hexadecimal digits");
    }

    @Test
    void refusesAnEmptyPath() {
        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.parseHttpPath(""));
        assertThatIllegalArgumentException().isThrownBy(() -> OverlayText.formatHttpPath(new byte[0]));
    }
}
