package org.minip2p.noise;

/**
 * The result of a complete handshake: a cipher for each direction. Handshake messages and transport messages cannot be confused, since
 * they belong to different types.
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

    /** Encrypts outgoing messages. */
    public CipherState send() {
        return send;
    }

    /** Decrypts incoming messages. */
    public CipherState receive() {
        return receive;
    }

    /** The hash of the whole handshake, unique to this session; a copy. */
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
