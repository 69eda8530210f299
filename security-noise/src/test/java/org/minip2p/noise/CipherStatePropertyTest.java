package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.crypto.NoiseCrypto;

class CipherStatePropertyTest {
    private static final int TAG = CipherState.TAG_BYTES;

    @Provide
    Arbitrary<NoiseCrypto> cryptos() {
        return Arbitraries.of(NoiseCrypto.standard(), NoiseCrypto.jdk(), NoiseCrypto.bouncyCastle());
    }

    private static CipherState cipher(NoiseCrypto crypto, byte[] key, long nonce) {
        CipherState state = new CipherState(crypto);
        state.initializeKey(key);
        state.setNonce(nonce);
        return state;
    }

    private static byte[] sealed(CipherState cipher, byte[] data, byte[] text) throws CipherException {
        byte[] sealed = Arrays.copyOf(text, text.length + TAG);
        cipher.encryptWithAd(data, sealed, 0, text.length);
        return sealed;
    }

    /** Whoever made it, whoever opens it: all implementations are one cipher. */
    @Property(tries = 100)
    @Conforms({"NOI-10", "NOI-11", "NOI-23"})
    void opensWhatAnyImplementationSealed(
            @ForAll("cryptos") NoiseCrypto one,
            @ForAll("cryptos") NoiseCrypto other,
            @ForAll @Size(32) byte[] key,
            @ForAll long nonce,
            @ForAll byte[] data,
            @ForAll @Size(max = 2_000) byte[] text)
            throws CipherException {
        long usable = nonce == -1 ? 0 : nonce;
        CipherState sender = cipher(one, key, usable);
        CipherState receiver = cipher(other, key, usable);

        byte[] sealed = sealed(sender, data, text);
        receiver.decryptWithAd(data, sealed, 0, sealed.length);

        assertThat(Arrays.copyOf(sealed, text.length)).isEqualTo(text);
        assertThat(sender.nonce()).isEqualTo(usable + 1);
        assertThat(receiver.nonce()).isEqualTo(usable + 1);
    }

    @Property(tries = 100)
    @Conforms("NOI-36")
    void opensNothingThatWasChanged(
            @ForAll("cryptos") NoiseCrypto crypto,
            @ForAll @Size(32) byte[] key,
            @ForAll @Size(max = 200) byte[] text,
            @ForAll @IntRange(max = 100_000) int at)
            throws CipherException {
        byte[] sealed = sealed(cipher(crypto, key, 0), new byte[0], text);
        int bit = at % (sealed.length * Byte.SIZE);
        sealed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
        CipherState receiver = cipher(crypto, key, 0);

        assertThatThrownBy(() -> receiver.decrypt(sealed, 0, sealed.length)).isInstanceOf(CipherException.class);

        assertThat(receiver.nonce()).isZero();
    }

    @Property(tries = 100)
    void buffersAreSealedAsArraysAre(
            @ForAll("cryptos") NoiseCrypto crypto, @ForAll @Size(32) byte[] key, @ForAll @Size(max = 500) byte[] text)
            throws CipherException {
        byte[] expected = sealed(cipher(crypto, key, 7), new byte[0], text);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(text.length + TAG).put(text).position(0);

        cipher(crypto, key, 7).encrypt(direct);
        byte[] sealed = new byte[expected.length];
        direct.position(0).get(sealed);
        assertThat(sealed).isEqualTo(expected);

        cipher(crypto, key, 7).decrypt(direct.position(0));
        byte[] opened = new byte[text.length];
        direct.position(0).get(opened);
        assertThat(opened).isEqualTo(text);
    }
}
