package org.minip2p.noise;

import java.util.List;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.PublicKey;
import org.minip2p.noise.crypto.KeyPair;

/**
 * The identity of a host in its Noise handshakes: a static key, generated for this host at each start, and the identity key's signature
 * over it, made once. The static key is never stored, never shared between hosts, and never the identity key itself (NOI-15 to 17).
 *
 * <p>Thread-safe. {@link #close} wipes the static key; pending handshakes continue with their own copies, and no new one can start.
 */
public final class NoiseIdentity implements AutoCloseable {
    private final NoiseConfig config;
    private final PeerId peer;
    private final byte[] identityKey;
    private final byte[] signature;
    private final KeyPair staticKey;
    private final byte[] payloadAlone;
    private final byte[] payloadWithMuxers;
    private boolean isClosed;

    NoiseIdentity(PublicKey identity, byte[] signature, KeyPair staticKey, NoiseConfig config) {
        this.config = config;
        this.staticKey = staticKey;
        this.signature = signature.clone();
        peer = PeerId.of(identity);
        identityKey = identity.encoded();
        payloadAlone = HandshakePayload.encode(identityKey, signature, List.of());
        payloadWithMuxers = HandshakePayload.encode(identityKey, signature, config.earlyMuxers());
    }

    /**
     * A new static key, signed.
     *
     * @param identity the host's libp2p key; used here, but not kept
     */
    public static NoiseIdentity create(PrivateKey identity, NoiseConfig config) {
        KeyPair staticKey = config.crypto().x25519().generate();
        byte[] signature = identity.sign(HandshakePayload.signedBytes(staticKey.publicKey()));
        return new NoiseIdentity(identity.publicKey(), signature, staticKey, config);
    }

    /** Our peer id. */
    public PeerId peer() {
        return peer;
    }

    /** The Noise configuration of this host. */
    public NoiseConfig config() {
        return config;
    }

    /**
     * The static key, a copy, which the caller wipes.
     *
     * @throws IllegalStateException after {@link #close}
     */
    synchronized KeyPair staticKey() {
        if (isClosed) {
            throw new IllegalStateException("this identity is closed");
        }
        return staticKey.copy();
    }

    /** Our payload with these muxers; must not be changed. */
    byte[] payload(List<String> muxers) {
        if (muxers.isEmpty()) {
            return payloadAlone;
        }
        return muxers.equals(config.muxers())
                ? payloadWithMuxers
                : HandshakePayload.encode(identityKey, signature, muxers);
    }

    /** Wipes the static key. */
    @Override
    public synchronized void close() {
        isClosed = true;
        staticKey.wipe();
    }
}
