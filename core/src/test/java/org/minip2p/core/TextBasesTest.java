package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

/** Base58, base36, base32, base16 and the prefixes that distinguish them. */
class TextBasesTest {
    // The examples of draft-msporny-base58, section 5.
    @ParameterizedTest
    @CsvSource({
        "48656c6c6f20576f726c6421, 2NEpo7TZRRrLZSi2U",
        "54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e,"
                + " USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        "0000287fb4cd, 11233QC4",
    })
    void readsAndWritesKnownBase58(String hex, String text) {
        assertThat(NumberText.BASE58.encode(Hex.bytes(hex))).isEqualTo(text);
        assertThat(NumberText.BASE58.decode(text)).isEqualTo(Hex.bytes(hex));
    }

    @Conforms("PID-50")
    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0000", "000001", "00ff", "01", "ff00"})
    void keepsZeroBytesInFrontInBase58(String hex) {
        String text = NumberText.BASE58.encode(Hex.bytes(hex));

        assertThat(NumberText.BASE58.decode(text)).isEqualTo(Hex.bytes(hex));
    }

    @Conforms("PID-50")
    @ParameterizedTest
    @ValueSource(strings = {"0", "O", "I", "l", "1l", "+", "é", " "})
    void refusesWhatIsNoBase58Digit(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NumberText.BASE58.decode(text));
    }

    // RFC 4648, section 10, without the padding.
    @ParameterizedTest
    @CsvSource({
        "66,my",
        "666f,mzxq",
        "666f6f,mzxw6",
        "666f6f62,mzxw6yq",
        "666f6f6261,mzxw6ytb",
        "666f6f626172,mzxw6ytboi"
    })
    void readsAndWritesTheBase32OfTheRfc(String hex, String text) {
        assertThat(BitText.BASE32.encode(Hex.bytes(hex))).isEqualTo(text);
        assertThat(BitText.BASE32.decode(text)).isEqualTo(Hex.bytes(hex));
    }

    // First, pad bits in the last character that are not zero. Then a last character that completes no byte, padding,
    // upper case, and a character outside the alphabet.
    @Conforms("PID-52")
    @ParameterizedTest
    @ValueSource(strings = {"mz", "mzxr", "mzxw7", "mzxw6yr", "m", "mzx", "mzxw6y", "mzxw6===", "MY", "m1"})
    void refusesBase32WithPadBitsLeftOversPaddingOrTheOtherCase(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> BitText.BASE32.decode(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "abc", "AB", "0x", "g0"})
    void refusesWhatIsNoBase16(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> BitText.BASE16.decode(text));
    }

    // The text in the tests of the multibase specification, "yes mani !"
    @Conforms({"PID-48", "PID-49"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f796573206d616e692021",
                "F796573206D616E692021",
                "bpfsxgidnmfxgsibb",
                "BPFSXGIDNMFXGSIBB",
                "k2lcpzo5yikidynfl",
                "z7paNL19xttacUY"
            })
    void readsEveryKnownMultibase(String text) {
        assertThat(Multibase.decode(text)).asString().isEqualTo("yes mani !");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Q", "x00", "m00", "K00", "Z11", "f0", "é"})
    void refusesEmptyTextUnknownPrefixesAndHalfBytes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Multibase.decode(text));
    }

    @Test
    void readsInEveryBaseWhatItWrote() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(50)];
            random.nextBytes(bytes);
            Arrays.fill(bytes, 0, random.nextInt(bytes.length + 1) / 4, (byte) 0);

            assertThat(NumberText.BASE58.decode(NumberText.BASE58.encode(bytes)))
                    .isEqualTo(bytes);
            assertThat(NumberText.BASE36.decode(NumberText.BASE36.encode(bytes)))
                    .isEqualTo(bytes);
            assertThat(BitText.BASE32.decode(BitText.BASE32.encode(bytes))).isEqualTo(bytes);
            assertThat(BitText.BASE32_UPPER.decode(BitText.BASE32_UPPER.encode(bytes)))
                    .isEqualTo(bytes);
            assertThat(BitText.BASE16.decode(BitText.BASE16.encode(bytes))).isEqualTo(bytes);
            assertThat(BitText.BASE16_UPPER.decode(BitText.BASE16_UPPER.encode(bytes)))
                    .isEqualTo(bytes);
            assertThat(Multibase.decode(Multibase.encodeBase32(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void agreesWithTheArithmeticOfBigIntegerInBase36() {
        Random random = new Random(4);
        for (int i = 0; i < 1_000; i++) {
            BigInteger number = new BigInteger(1 + random.nextInt(300), random).setBit(0);
            byte[] bytes = number.toByteArray();
            byte[] unsigned = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;

            assertThat(NumberText.BASE36.encode(unsigned)).isEqualTo(number.toString(36));
        }
    }
}
