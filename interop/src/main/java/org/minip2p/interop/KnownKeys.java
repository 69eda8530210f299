package org.minip2p.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;

/** Crypto with known key pairs: the given ones first, then new ones. The keys of all ciphers are kept, too. Only for throw-away keys. */
final class KnownKeys implements X25519 {
    private final X25519 x25519 = NoiseCrypto.standard().x25519();
    private final List<byte[]> given;
    private final List<byte[]> generated = new CopyOnWriteArrayList<>();
    private final List<byte[]> ciphers = new CopyOnWriteArrayList<>();

    /** Creates crypto that uses these private keys first. */
    KnownKeys(List<byte[]> given) {
        this.given = new ArrayList<>(given);
    }

    /** The crypto for a host. */
    NoiseCrypto crypto() {
        return NoiseCrypto.of("known keys", this, this::cipher);
    }

    private Aead cipher(byte[] key) {
        ciphers.add(key.clone());
        return NoiseCrypto.standard().aead(key);
    }

    /** All private keys in order of use: the static key of a host, then the ephemeral key of its connection. */
    List<byte[]> privateKeys() {
        return List.copyOf(generated);
    }

    /** The keys of all ciphers, in order. */
    List<byte[]> cipherKeys() {
        return List.copyOf(ciphers);
    }

    @Override
    public synchronized KeyPair generate() {
        KeyPair pair = given.isEmpty()
                ? x25519.generate()
                : x25519.keyPair(given.remove(0).clone());
        generated.add(pair.privateKey().clone());
        return pair;
    }

    @Override
    public KeyPair keyPair(byte[] privateKey) {
        return x25519.keyPair(privateKey);
    }

    @Override
    public boolean agree(byte[] privateKey, byte[] publicKey, byte[] secret) {
        return x25519.agree(privateKey, publicKey, secret);
    }
}
