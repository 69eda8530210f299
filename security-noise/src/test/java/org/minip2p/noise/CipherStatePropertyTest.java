package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.longs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;
import org.minip2p.noise.crypto.NoiseCrypto;

class CipherStatePropertyTest {
    private static final int TRIES = 100;
    private static final int TAG = CipherState.TAG_BYTES;
    private static final Generator<NoiseCrypto> CRYPTOS =
            Generator.of(NoiseCrypto.standard(), NoiseCrypto.jdk(), NoiseCrypto.bouncyCastle());

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

    /** A message that one implementation sealed can be opened by any other. */
    @Test
    @Conforms({"NOI-10", "NOI-11", "NOI-23"})
    void opensWhatAnyImplementationSealed() {
        Property.holds(TRIES, draw -> {
            NoiseCrypto one = draw.of("one", CRYPTOS);
            NoiseCrypto other = draw.of("other", CRYPTOS);
            byte[] key = draw.of("key", bytes(32));
            long nonce = draw.of("nonce", longs().map(n -> n == -1 ? 0 : n)); // the last nonce must not be used
            byte[] data = draw.of("data", bytes());
            byte[] text = draw.of("text", bytes(0, 2_000));
            CipherState sender = cipher(one, key, nonce);
            CipherState receiver = cipher(other, key, nonce);

            byte[] sealed = sealed(sender, data, text);
            receiver.decryptWithAd(data, sealed, 0, sealed.length);

            assertThat(Arrays.copyOf(sealed, text.length)).isEqualTo(text);
            assertThat(sender.nonce()).isEqualTo(nonce + 1);
            assertThat(receiver.nonce()).isEqualTo(nonce + 1);
        });
    }

    @Test
    @Conforms("NOI-36")
    void opensNothingThatWasChanged() {
        Property.holds(TRIES, draw -> {
            NoiseCrypto crypto = draw.of("crypto", CRYPTOS);
            byte[] key = draw.of("key", bytes(32));
            byte[] text = draw.of("text", bytes(0, 200));
            byte[] sealed = sealed(cipher(crypto, key, 0), new byte[0], text);
            int bit = draw.of("changed bit", integers(0, sealed.length * Byte.SIZE - 1));
            sealed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            CipherState receiver = cipher(crypto, key, 0);

            assertThatThrownBy(() -> receiver.decrypt(sealed, 0, sealed.length)).isInstanceOf(CipherException.class);

            assertThat(receiver.nonce()).isZero();
        });
    }

    @Test
    void buffersAreSealedAsArraysAre() {
        Property.holds(TRIES, draw -> {
            NoiseCrypto crypto = draw.of("crypto", CRYPTOS);
            byte[] key = draw.of("key", bytes(32));
            byte[] text = draw.of("text", bytes(0, 500));
            byte[] expected = sealed(cipher(crypto, key, 7), new byte[0], text);
            ByteBuffer plainText =
                    ByteBuffer.allocateDirect(text.length).put(text).flip();
            ByteBuffer message = ByteBuffer.allocateDirect(expected.length);

            cipher(crypto, key, 7).encrypt(plainText, message);
            byte[] sealed = new byte[expected.length];
            message.get(0, sealed);
            assertThat(sealed).isEqualTo(expected);

            ByteBuffer opening = ByteBuffer.allocateDirect(expected.length);
            cipher(crypto, key, 7).decrypt(message, opening);
            byte[] opened = new byte[text.length];
            opening.get(0, opened);
            assertThat(opened).isEqualTo(text);
        });
    }
}
