package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.NoiseCrypto;

/** A cipher that needs direct memory, as a cipher of a native library does. */
class DirectAead implements Aead {
    private final Aead aead;

    DirectAead(Aead aead) {
        this.aead = aead;
    }

    /** The defaults, with ciphers that need direct memory. */
    static NoiseConfig config() {
        NoiseConfig standard = NoiseConfig.defaults();
        return standard.withCrypto(NoiseCrypto.of(
                "direct",
                standard.crypto().x25519(),
                key -> new DirectAead(standard.crypto().aead(key))));
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public void seal(long nonce, byte[] data, byte[] buffer, int offset, int length) {
        aead.seal(nonce, data, buffer, offset, length);
    }

    @Override
    public void open(long nonce, byte[] data, byte[] buffer, int offset, int length) throws AEADBadTagException {
        aead.open(nonce, data, buffer, offset, length);
    }

    @Override
    public void seal(long nonce, byte[] data, ByteBuffer plainText, ByteBuffer message) {
        assertThat(plainText.isDirect()).isTrue();
        assertThat(message.isDirect()).isTrue();
        aead.seal(nonce, data, plainText, message);
    }

    @Override
    public void open(long nonce, byte[] data, ByteBuffer message, ByteBuffer plainText) throws AEADBadTagException {
        assertThat(message.isDirect()).isTrue();
        assertThat(plainText.isDirect()).isTrue();
        aead.open(nonce, data, message, plainText);
    }

    @Override
    public void close() {
        aead.close();
    }
}
