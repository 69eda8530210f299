package org.minip2p.noise.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.Conscrypt;
import org.minip2p.core.testing.Conforms;

class AeadTest {
    private static final byte[] KEY =
            HexFormat.of().parseHex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");

    static Stream<NoiseCrypto> implementations() {
        return Stream.of(NoiseCrypto.standard(), NoiseCrypto.jdk(), NoiseCrypto.bouncyCastle());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void sealsAlikeAtAllSizes(NoiseCrypto crypto) throws Exception {
        Random random = new Random(1);
        Aead aead = crypto.aead(KEY);
        Aead reference = NoiseCrypto.bouncyCastle().aead(KEY);

        long nonce = 0;
        for (int size : new int[] {0, 1, 15, 16, 17, 63, 64, 65, 1023, 1024, 1025, 4096, 65_518, 65_519}) {
            byte[] plain = new byte[size];
            random.nextBytes(plain);
            byte[] data = new byte[size % 40];
            byte[] first = Arrays.copyOf(plain, size + Aead.TAG_BYTES);
            byte[] second = first.clone();

            aead.seal(nonce, data, first, 0, size);
            reference.seal(nonce, data, second, 0, size);

            assertThat(first).isEqualTo(second);
            Aead other = crypto.aead(KEY);
            other.open(nonce, data, first, 0, first.length);
            assertThat(Arrays.copyOf(first, size)).isEqualTo(plain);
            nonce++;
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void sealsAndOpensInTheMiddleOfBuffers(NoiseCrypto crypto) throws Exception {
        byte[] text = "twenty bytes of text".getBytes(StandardCharsets.US_ASCII);
        byte[] expected = Arrays.copyOf(text, 20 + Aead.TAG_BYTES);
        NoiseCrypto.bouncyCastle().aead(KEY).seal(7, new byte[0], expected, 0, 20);
        byte[] around = new byte[100];
        Arrays.fill(around, 0, 13, (byte) 0x55);
        Arrays.fill(around, 13 + expected.length, 100, (byte) 0x55);
        for (ByteBuffer memory : List.of(ByteBuffer.allocate(100), ByteBuffer.allocateDirect(100))) {
            memory.put(around).clear();
            ByteBuffer message = memory.position(10).slice().position(3).limit(3 + expected.length);
            ByteBuffer plainText =
                    like(memory, 5 + 20 + 7).put(5, text).position(5).limit(25);

            crypto.aead(KEY).seal(7, new byte[0], plainText, message);

            assertThat(message.position()).isEqualTo(3);
            assertThat(message.limit()).isEqualTo(3 + expected.length);
            assertThat(message.slice()).isEqualTo(ByteBuffer.wrap(expected));
            assertThat(plainText.position()).isEqualTo(5);
            assertThat(plainText.slice()).isEqualTo(ByteBuffer.wrap(text));
            assertThat(memory.duplicate().clear().slice(0, 13)).isEqualTo(ByteBuffer.wrap(around, 0, 13));
            assertThat(memory.duplicate().clear().slice(13 + expected.length, 100 - 13 - expected.length))
                    .isEqualTo(ByteBuffer.wrap(around, 13 + expected.length, 100 - 13 - expected.length));

            ByteBuffer opened = like(memory, 100).put(0, around).position(13).limit(13 + expected.length);
            crypto.aead(KEY).open(7, new byte[0], message, opened);
            assertThat(opened.position()).isEqualTo(13);
            assertThat(opened.slice(13, 20)).isEqualTo(ByteBuffer.wrap(text));
            assertThat(message.slice()).isEqualTo(ByteBuffer.wrap(expected));
            assertThat(opened.clear().slice(0, 13)).isEqualTo(ByteBuffer.wrap(around, 0, 13));
            assertThat(opened.slice(13 + expected.length, 100 - 13 - expected.length))
                    .isEqualTo(ByteBuffer.wrap(around, 13 + expected.length, 100 - 13 - expected.length));
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void saysOfWhatItIsMade(NoiseCrypto crypto) {
        assertThat(crypto.toString())
                .isEqualTo(crypto.name())
                .startsWith("ChaCha20-Poly1305: ")
                .contains(", X25519: ");
    }

    /** Four zero bytes, then the number as 64 bits in little endian. */
    @Conforms("NOI-11")
    @ParameterizedTest
    @MethodSource("implementations")
    void putsTheNumberIntoTheNonceLittleEndian(NoiseCrypto crypto) throws Exception {
        javax.crypto.Cipher jce = javax.crypto.Cipher.getInstance("ChaCha20-Poly1305");
        byte[] nonce = HexFormat.of().parseHex("000000000807060504030201");
        jce.init(
                javax.crypto.Cipher.ENCRYPT_MODE,
                new javax.crypto.spec.SecretKeySpec(KEY, "ChaCha20"),
                new javax.crypto.spec.IvParameterSpec(nonce));
        byte[] expected = jce.doFinal(new byte[40]);

        byte[] sealed = new byte[40 + Aead.TAG_BYTES];
        crypto.aead(KEY).seal(0x0102030405060708L, new byte[0], sealed, 0, 40);

        assertThat(sealed).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void refusesEveryFlippedBitAndStillOpensTheRightMessage(NoiseCrypto crypto) throws Exception {
        byte[] data = {1, 2, 3};
        byte[] sealed = new byte[20 + Aead.TAG_BYTES];
        crypto.aead(KEY).seal(7, data, sealed, 0, 20);
        Aead opener = crypto.aead(KEY);

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> opener.open(7, data, changed, 0, changed.length))
                    .isInstanceOf(AEADBadTagException.class);
        }
        opener.open(7, data, sealed, 0, sealed.length);

        assertThat(Arrays.copyOf(sealed, 20)).isEqualTo(new byte[20]);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void refusesOtherDataAndOtherNonces(NoiseCrypto crypto) {
        byte[] sealed = new byte[20 + Aead.TAG_BYTES];
        crypto.aead(KEY).seal(7, new byte[] {1}, sealed, 0, 20);

        assertThatThrownBy(() -> crypto.aead(KEY).open(7, new byte[] {2}, sealed.clone(), 0, sealed.length))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> crypto.aead(KEY).open(8, new byte[] {1}, sealed.clone(), 0, sealed.length))
                .isInstanceOf(AEADBadTagException.class);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void worksInBuffersOfBothKinds(NoiseCrypto crypto) throws Exception {
        byte[] expected = new byte[100 + Aead.TAG_BYTES];
        crypto.aead(KEY).seal(3, new byte[0], expected, 0, 100);

        for (ByteBuffer memory : new ByteBuffer[] {ByteBuffer.allocate(200), ByteBuffer.allocateDirect(200)}) {
            ByteBuffer message = memory.position(11).limit(11 + expected.length).slice();
            crypto.aead(KEY).seal(3, new byte[0], like(memory, 100), message);
            byte[] sealed = new byte[expected.length];
            message.get(0, sealed);
            assertThat(sealed).isEqualTo(expected);

            ByteBuffer plainText = like(memory, expected.length);
            crypto.aead(KEY).open(3, new byte[0], message, plainText);
            assertThat(plainText.slice(0, 100)).isEqualTo(ByteBuffer.allocate(100));
            assertThat(message.remaining()).isEqualTo(expected.length);
        }
    }

    /**
     * A cipher that treats the next nonce as a repeated one refuses it and must be replaced for each message. This is
     * correct, but slow.
     */
    @Test
    void aCipherServesManyMessagesOfOneKey() throws Exception {
        for (JceCiphers ciphers :
                List.of(JceCiphers.JDK, JceCiphers.of(Conscrypt.provider().orElseThrow()))) {
            SecretKey key = ciphers.key(KEY);
            byte[] message = new byte[1 + Aead.TAG_BYTES];
            JceCiphers.OneCipher first = ciphers.init(Cipher.ENCRYPT_MODE, key, 0);
            first.doFinal(message, 0, 1);

            for (long nonce = 1; nonce < 10; nonce++) {
                JceCiphers.OneCipher next = ciphers.init(Cipher.ENCRYPT_MODE, key, nonce);
                assertThat(next).isSameAs(first);
                next.doFinal(message, 0, 1);
            }
        }
    }

    @Test
    void aKeySaysWhatItIs() {
        SecretKey key = JceCiphers.JDK.key(KEY);

        assertThat(key.getAlgorithm()).isEqualTo("ChaCha20");
        assertThat(key.getFormat()).isEqualTo("RAW");
        assertThat(key.getEncoded()).isEqualTo(KEY);
    }

    /** Conscrypt is the fastest because it reads and writes direct memory, without a copy in an array. */
    @Test
    void conscryptCopiesNoMessageThatIsInDirectMemory() throws Exception {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        Aead aead = NoiseCrypto.standard().aead(KEY);
        ByteBuffer plainText = ByteBuffer.allocateDirect(65_535 - Aead.TAG_BYTES);
        ByteBuffer message = ByteBuffer.allocateDirect(65_535);
        ByteBuffer opened = ByteBuffer.allocateDirect(65_535);
        aead.seal(0, new byte[0], plainText, message);
        aead.open(0, new byte[0], message, opened);
        long before = threads.getCurrentThreadAllocatedBytes();

        aead.seal(1, new byte[0], plainText, message);
        aead.open(1, new byte[0], message, opened);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(message.capacity());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void aWipedKeyIsNotUsedAgain(NoiseCrypto crypto) {
        Aead aead = crypto.aead(KEY);
        aead.seal(0, new byte[0], new byte[Aead.TAG_BYTES], 0, 0);

        aead.close();

        assertThatThrownBy(() -> aead.seal(1, new byte[0], new byte[Aead.TAG_BYTES], 0, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> aead.open(1, new byte[0], new byte[Aead.TAG_BYTES], 0, Aead.TAG_BYTES))
                .isInstanceOf(IllegalStateException.class);
        assertThat(KEY).as("the caller's own key is not wiped").doesNotContain(0);
    }

    /** A buffer of the same kind of memory. */
    private static ByteBuffer like(ByteBuffer memory, int bytes) {
        return memory.isDirect() ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }
}
