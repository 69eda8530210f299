package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.crypto.NoiseCrypto;

class CipherStateTest {
    private static final byte[] KEY = new byte[32];
    private static final int TAG = CipherState.TAG_BYTES;

    static Stream<NoiseCrypto> implementations() {
        return Stream.of(NoiseCrypto.standard(), NoiseCrypto.jdk(), NoiseCrypto.bouncyCastle());
    }

    private static CipherState cipher(NoiseCrypto crypto) {
        CipherState state = new CipherState(crypto);
        state.initializeKey(KEY);
        return state;
    }

    @Conforms("NOI-23")
    @ParameterizedTest
    @MethodSource("implementations")
    void countsEachMessageAndNoFailedOne(NoiseCrypto crypto) throws Exception {
        CipherState sender = cipher(crypto);
        CipherState receiver = cipher(crypto);
        byte[] first = new byte[5 + TAG];
        byte[] second = new byte[5 + TAG];
        sender.encrypt(first, 0, 5);
        sender.encrypt(second, 0, 5);
        assertThat(sender.nonce()).isEqualTo(2);

        assertThatThrownBy(() -> receiver.decrypt(second.clone(), 0, second.length))
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.BAD_TAG, CipherException::reason);
        assertThat(receiver.nonce()).isZero();
        receiver.decrypt(first, 0, first.length);
        receiver.decrypt(second, 0, second.length);

        assertThat(receiver.nonce()).isEqualTo(2);
        assertThat(Arrays.copyOf(second, 5)).isEqualTo(new byte[5]);
    }

    /** A repeated message does not open with the next nonce. */
    @Conforms("NOI-36")
    @ParameterizedTest
    @MethodSource("implementations")
    void refusesARepeatedMessage(NoiseCrypto crypto) throws Exception {
        byte[] message = new byte[5 + TAG];
        cipher(crypto).encrypt(message, 0, 5);
        byte[] again = message.clone();
        CipherState receiver = cipher(crypto);
        receiver.decrypt(message, 0, message.length);

        assertThatThrownBy(() -> receiver.decrypt(again, 0, again.length)).isInstanceOf(CipherException.class);
    }

    /** A message can use the nonce 2^64 - 2, but not 2^64 - 1. */
    @Conforms("NOI-22")
    @ParameterizedTest
    @MethodSource("implementations")
    void neverUsesTheLastNonce(NoiseCrypto crypto) throws Exception {
        CipherState sender = cipher(crypto);
        CipherState receiver = cipher(crypto);
        sender.setNonce(-2L);
        receiver.setNonce(-2L);
        byte[] message = new byte[5 + TAG];
        sender.encrypt(message, 0, 5);
        receiver.decrypt(message, 0, message.length);

        assertThatThrownBy(() -> sender.encrypt(new byte[5 + TAG], 0, 5))
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.NONCES_EXHAUSTED, CipherException::reason);
        assertThatThrownBy(() -> sender.encrypt(ByteBuffer.allocate(5), ByteBuffer.allocate(5 + TAG)))
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.NONCES_EXHAUSTED, CipherException::reason);
        assertThatThrownBy(() -> receiver.decrypt(new byte[5 + TAG], 0, 5 + TAG))
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.NONCES_EXHAUSTED, CipherException::reason);
        assertThatThrownBy(() -> receiver.decrypt(ByteBuffer.allocate(5 + TAG), ByteBuffer.allocate(5 + TAG)))
                .asInstanceOf(type(CipherException.class))
                .returns(CipherException.Reason.NONCES_EXHAUSTED, CipherException::reason);
        assertThat(sender.nonce()).isEqualTo(-1L);
    }

    /**
     * The key is the same from the first message to far beyond any threshold at which a rekeying protocol would change
     * it.
     */
    @Conforms({"NOI-10", "NOI-11", "NOI-21"})
    @ParameterizedTest
    @MethodSource("implementations")
    void keepsItsKeyForTheWholeSession(NoiseCrypto crypto) throws Exception {
        CipherState sender = cipher(crypto);
        for (long nonce : new long[] {0, 1, 999, 65_535, 65_536, 1L << 31, 1L << 32, 1L << 63, -2L}) {
            sender.setNonce(nonce);
            byte[] sealed = new byte[5 + TAG];
            byte[] expected = new byte[5 + TAG];

            sender.encrypt(sealed, 0, 5);

            crypto.aead(KEY).seal(nonce, new byte[0], expected, 0, 5);
            assertThat(sealed).isEqualTo(expected);
            assertThat(sender.nonce()).isEqualTo(nonce + 1);
        }
    }

    @Conforms({"NOI-21", "NOI-23"})
    @Test
    void keepsItsKeyOverManyMessages() throws Exception {
        CipherState sender = cipher(NoiseCrypto.standard());
        byte[] sealed = new byte[1 + TAG];
        for (int i = 0; i < 70_000; i++) {
            sender.encrypt(sealed, 0, 1);
        }
        byte[] expected = new byte[1 + TAG];
        Arrays.fill(sealed, (byte) 0);

        sender.encrypt(sealed, 0, 1);

        NoiseCrypto.bouncyCastle().aead(KEY).seal(70_000, new byte[0], expected, 0, 1);
        assertThat(sealed).isEqualTo(expected);
    }

    @Test
    void buffersAndArraysCountTogether() throws Exception {
        CipherState sender = cipher(NoiseCrypto.standard());
        CipherState receiver = cipher(NoiseCrypto.standard());
        byte[] array = new byte[5 + TAG];
        ByteBuffer buffer = ByteBuffer.allocateDirect(5 + TAG);
        sender.encrypt(array, 0, 5);
        sender.encrypt(ByteBuffer.allocateDirect(5), buffer);
        ByteBuffer next = ByteBuffer.allocate(5 + TAG);
        sender.encrypt(ByteBuffer.allocate(5), next);
        assertThat(sender.nonce()).isEqualTo(3);

        receiver.decrypt(array, 0, array.length);
        receiver.decrypt(buffer, ByteBuffer.allocateDirect(5 + TAG));
        receiver.decrypt(next, ByteBuffer.allocate(5 + TAG));

        assertThat(receiver.nonce()).isEqualTo(3);
    }

    @Test
    void wantsTheMemoryThatItsCipherIsFastestOn() {
        assertThat(cipher(NoiseCrypto.standard()).isDirect()).as("Conscrypt").isTrue();
        assertThat(cipher(NoiseCrypto.jdk()).isDirect()).isFalse();
        assertThat(cipher(NoiseCrypto.bouncyCastle()).isDirect()).isFalse();
    }

    @Conforms("NOI-53")
    @Test
    void isOfNoUseOnceClosed() {
        CipherState state = cipher(NoiseCrypto.standard());

        state.close();

        assertThatThrownBy(() -> state.encrypt(new byte[TAG], 0, 0)).isInstanceOf(IllegalStateException.class);
    }
}
