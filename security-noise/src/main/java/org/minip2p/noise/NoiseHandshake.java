package org.minip2p.noise;

import static org.minip2p.noise.HandshakeFailedException.Reason.UNEXPECTED_PAYLOAD;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Role;
import org.minip2p.noise.crypto.KeyPair;

/**
 * The Noise handshake of a libp2p connection, without its I/O: messages in, messages out, and at the end a proven peer.
 *
 * <p>The initiator calls {@link #begin} first; then both call {@link #receive} with each message that comes, until it returns
 * {@link Complete} or throws. After either it is over and wiped: no message gets a second try (NOI-20).
 *
 * <pre>
 *   initiator                              responder
 *   begin() -&gt; message 1            ---&gt;   receive(1) -&gt; Reply(message 2)
 *   receive(2) -&gt; Complete(message 3) ---&gt; receive(3) -&gt; Complete
 * </pre>
 *
 * <p>Confined to one thread at a time.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">libp2p Noise</a>
 */
public final class NoiseHandshake implements AutoCloseable {
    /** The protocol id that multistream-select agrees on (NOI-1). */
    public static final String PROTOCOL_ID = "/noise";

    private static final byte[] NOTHING = new byte[0];

    /** What came of a message. */
    public sealed interface Outcome {}

    /**
     * A message is to be sent, and another one to come.
     *
     * @param message not shared with anyone
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Reply(byte[] message) implements Outcome {}

    /**
     * The handshake is over, the peer is proven.
     *
     * @param lastMessage to be sent before anything else; empty for the responder
     * @param session what was proven
     * @param transport the ciphers, owned by the caller
     */
    public record Complete(Optional<byte[]> lastMessage, SecureSession session, TransportState transport)
            implements Outcome {}

    private final NoiseIdentity identity;
    private final Role role;
    private final @Nullable PeerId expectedPeer;
    private final HandshakeState state;
    private boolean isOver;

    /**
     * A handshake with a new ephemeral key and an empty prologue (NOI-4, 14).
     *
     * @param identity who we are
     * @param role the dialer initiates (NOI-5)
     * @param expectedPeer who it has to be; null for anyone
     * @throws IllegalStateException when the identity is closed
     */
    public NoiseHandshake(NoiseIdentity identity, Role role, @Nullable PeerId expectedPeer) {
        this.identity = identity;
        this.role = role;
        this.expectedPeer = expectedPeer;
        KeyPair staticKey = identity.staticKey();
        state = new HandshakeState(identity.config().crypto(), role, NOTHING, staticKey);
        staticKey.wipe();
    }

    /** Message 1, with an empty payload (NOI-38, 51); the initiator's first call. */
    public byte[] begin() {
        try {
            return state.writeMessage(NOTHING);
        } catch (HandshakeFailedException e) {
            throw new IllegalStateException("message 1 depends on no one", e);
        }
    }

    /**
     * Takes a message of the peer.
     *
     * @param message as it came; left as it is
     * @return what is to be sent, and what was proven
     * @throws NoiseException when the handshake has failed, and with it the connection
     */
    public Outcome receive(byte[] message) throws NoiseException {
        if (isOver) {
            throw new IllegalStateException("this handshake is over");
        }
        boolean goesOn = false;
        try {
            byte[] payload = state.readMessage(message);
            if (role == Role.INITIATOR) {
                return completeAsInitiator(payload);
            }
            if (state.isComplete()) {
                return completeAsResponder(payload);
            }
            goesOn = true;
            return replyTo(payload);
        } finally {
            if (!goesOn) {
                close();
            }
        }
    }

    /** Wipes what is secret. The handshake is over. */
    @Override
    public void close() {
        isOver = true;
        state.close();
    }

    /** Message 2 names all the muxers we speak. */
    private Reply replyTo(byte[] firstPayload) throws NoiseException {
        if (firstPayload.length > 0) {
            throw new HandshakeFailedException(
                    UNEXPECTED_PAYLOAD, "message 1 has an empty payload, not one of " + firstPayload.length + " bytes");
        }
        return new Reply(state.writeMessage(identity.payload(identity.config().earlyMuxers())));
    }

    /** Message 3 names the one muxer that was chosen, so that every responder arrives at it (NOI-59). */
    private Complete completeAsInitiator(byte[] secondPayload) throws NoiseException {
        HandshakePayload theirs = HandshakePayload.decode(secondPayload);
        PublicKey remoteKey = verified(theirs);
        Optional<String> muxer = EarlyMuxer.choose(identity.config().earlyMuxers(), theirs.muxers());
        byte[] last = state.writeMessage(identity.payload(muxer.map(List::of).orElse(List.of())));
        return new Complete(Optional.of(last), session(remoteKey, muxer), state.split());
    }

    private Complete completeAsResponder(byte[] thirdPayload) throws NoiseException {
        HandshakePayload theirs = HandshakePayload.decode(thirdPayload);
        PublicKey remoteKey = verified(theirs);
        Optional<String> muxer =
                EarlyMuxer.choose(theirs.muxers(), identity.config().earlyMuxers());
        return new Complete(Optional.empty(), session(remoteKey, muxer), state.split());
    }

    private PublicKey verified(HandshakePayload theirs) throws NoiseException {
        PublicKey key = theirs.verify(state.remoteStatic());
        PeerId actual = PeerId.of(key);
        if (expectedPeer != null && !expectedPeer.equals(actual)) {
            throw new PeerIdMismatchException(expectedPeer, actual);
        }
        return key;
    }

    private SecureSession session(PublicKey remoteKey, Optional<String> muxer) {
        return new SecureSession(identity.peer(), PeerId.of(remoteKey), remoteKey, muxer);
    }
}
