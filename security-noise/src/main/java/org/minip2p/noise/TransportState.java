package org.minip2p.noise;

/**
 * What is left of a handshake once it is complete: a cipher for each direction. Handshake messages and transport messages cannot be mixed
 * up, since they belong to different types.
 *
 * <p>Confined to one thread at a time.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-handshakestate-object">Noise, section 5.3</a>
 */
public final class TransportState implements AutoCloseable {
    private final CipherState send;
    private final CipherState receive;
    private final byte[] handshakeHash;

    TransportState(CipherState send, CipherState receive, byte[] handshakeHash) {
        this.send = send;
        this.receive = receive;
        this.handshakeHash = handshakeHash;
    }

    /** Encrypts what is sent. */
    public CipherState send() {
        return send;
    }

    /** Decrypts what is received. */
    public CipherState receive() {
        return receive;
    }

    /** The hash of the whole handshake, which no two sessions share; a copy. */
    public byte[] handshakeHash() {
        return handshakeHash.clone();
    }

    /** Wipes both keys. */
    @Override
    public void close() {
        send.close();
        receive.close();
    }
}
