package org.minip2p.noise;

import java.util.Arrays;
import org.minip2p.core.NoiseException;
import org.minip2p.core.Role;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;

/** The other end, driven by a test. It follows Noise correctly, with any payloads that the test supplies. */
public final class RawPeer {
    public final KeyPair staticKey;
    private final HandshakeState state;

    public RawPeer(Role role) {
        this(role, TestKeys.staticKey(), NoiseConfig.defaults().crypto());
    }

    public RawPeer(Role role, KeyPair staticKey, NoiseCrypto crypto) {
        this.staticKey = staticKey;
        state = new HandshakeState(crypto, role, new byte[0], staticKey);
    }

    /** A handshake message after its length. */
    public byte[] write(byte[] payload) throws NoiseException {
        return frame(state.writeMessage(payload));
    }

    /** Reads a handshake message that follows its length. */
    public byte[] read(byte[] frame) throws NoiseException {
        return state.readMessage(Arrays.copyOfRange(frame, 2, frame.length));
    }

    public TransportState split() {
        return state.split();
    }

    /** The length of the message, then the message. */
    public static byte[] frame(byte[] message) {
        byte[] frame = new byte[2 + message.length];
        frame[0] = (byte) (message.length >>> 8);
        frame[1] = (byte) message.length;
        System.arraycopy(message, 0, frame, 2, message.length);
        return frame;
    }

    /** A sealed transport frame. */
    public static byte[] seal(TransportState transport, byte[] plainText) throws NoiseException {
        byte[] sealed = Arrays.copyOf(plainText, plainText.length + CipherState.TAG_BYTES);
        transport.send().encrypt(sealed, 0, plainText.length);
        return frame(sealed);
    }
}
