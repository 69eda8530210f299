package org.minip2p.noise;

import static org.minip2p.noise.HandshakeFailedException.Reason.UNEXPECTED_PAYLOAD;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PeerId;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Role;
import org.minip2p.noise.crypto.KeyPair;

/**
 * The Noise handshake of a libp2p connection, without its I/O: messages in, messages out, and at the end a proven peer.
 *
 * <p>The initiator calls {@link #begin} first; then both call {@link #receive} with each received message, until it returns
 * {@link Complete} or throws. Then the handshake is over and wiped: no message gets a second try (NOI-20). There is a {@link Proof} only on
 * request.
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

    /** The result of a message. */
    public sealed interface Outcome {}

    /**
     * Send a message, and expect another one.
     *
     * @param message not shared with anyone
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Reply(byte[] message) implements Outcome {}

    /**
     * The handshake is complete, and the peer is proven.
     *
     * @param lastMessage must be sent before anything else; empty for the responder
     * @param session the proven peer
     * @param transport the ciphers, owned by the caller
     */
    public record Complete(Optional<byte[]> lastMessage, SecureSession session, TransportState transport)
            implements Outcome {}

    /**
     * The check of the peer's signature is slow: {@link #check} it, on any thread, then {@link #conclude} with it. Meanwhile, the handshake
     * must not be used, except to close it.
     */
    public static final class Proof implements Outcome {
        private final HandshakePayload payload;
        private final byte[] remoteStatic;
        private @Nullable PublicKey key;
        private @Nullable NoiseException failure;

        private Proof(HandshakePayload payload, byte[] remoteStatic) {
            this.payload = payload;
            this.remoteStatic = remoteStatic;
        }

        /** Runs the check. It touches nothing else in the handshake; publish its result safely. */
        public void check() {
            try {
                key = payload.verify(remoteStatic);
            } catch (NoiseException e) {
                failure = e;
            }
        }

        private PublicKey provenKey() throws NoiseException {
            if (failure != null) {
                throw failure;
            }
            if (key == null) {
                throw new IllegalStateException("the proof has not been checked");
            }
            return key;
        }
    }

    private final NoiseIdentity identity;
    private final Role role;
    private final @Nullable PeerId expectedPeer;
    private final boolean handsOutProofs;
    private final HandshakeState state;
    private boolean isOver;

    /**
     * A handshake with a new ephemeral key and an empty prologue (NOI-4, 14).
     *
     * @param identity our identity
     * @param role the dialer initiates (NOI-5)
     * @param expectedPeer the expected peer; null for any peer
     * @throws IllegalStateException when the identity is closed
     */
    public NoiseHandshake(NoiseIdentity identity, Role role, @Nullable PeerId expectedPeer) {
        this(identity, role, expectedPeer, false);
    }

    /**
     * The same, but the caller may run slow checks elsewhere.
     *
     * @param handsOutProofs whether {@link #receive} returns a {@link Proof} instead of checking a slow signature: of every key except
     *     Ed25519
     */
    public NoiseHandshake(NoiseIdentity identity, Role role, @Nullable PeerId expectedPeer, boolean handsOutProofs) {
        this.identity = identity;
        this.role = role;
        this.expectedPeer = expectedPeer;
        this.handsOutProofs = handsOutProofs;
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
     * Processes a message of the peer.
     *
     * @param message as received; not changed
     * @return the message to send, and the proven peer
     * @throws NoiseException when the handshake, and so the connection, has failed
     */
    public Outcome receive(byte[] message) throws NoiseException {
        if (isOver) {
            throw new IllegalStateException("this handshake is over");
        }
        boolean goesOn = false;
        try {
            byte[] payload = state.readMessage(message);
            Outcome outcome = role == Role.RESPONDER && !state.isComplete()
                    ? replyTo(payload)
                    : judge(HandshakePayload.decode(payload));
            goesOn = !(outcome instanceof Complete);
            return outcome;
        } finally {
            if (!goesOn) {
                close();
            }
        }
    }

    /**
     * Continues after a proof.
     *
     * @param proof what {@link #receive} returned, checked
     * @throws NoiseException when the proof is invalid, or of another peer than expected
     */
    public Complete conclude(Proof proof) throws NoiseException {
        if (isOver) {
            throw new IllegalStateException("this handshake is over");
        }
        try {
            return complete(proof.payload, proof.provenKey());
        } finally {
            close();
        }
    }

    /** Wipes all secrets. The handshake is over. */
    @Override
    public void close() {
        isOver = true;
        state.close();
    }

    /** Message 2 names all our muxers. */
    private Reply replyTo(byte[] firstPayload) throws NoiseException {
        if (firstPayload.length > 0) {
            throw new HandshakeFailedException(
                    UNEXPECTED_PAYLOAD, "message 1 has an empty payload, not one of " + firstPayload.length + " bytes");
        }
        return new Reply(state.writeMessage(identity.payload(identity.config().earlyMuxers())));
    }

    private Outcome judge(HandshakePayload theirs) throws NoiseException {
        Proof proof = new Proof(theirs, state.remoteStatic());
        if (handsOutProofs && !theirs.isQuicklyVerified()) {
            return proof;
        }
        proof.check();
        return complete(theirs, proof.provenKey());
    }

    private Complete complete(HandshakePayload theirs, PublicKey remoteKey) throws NoiseException {
        PeerId actual = PeerId.of(remoteKey);
        if (expectedPeer != null && !expectedPeer.equals(actual)) {
            throw new PeerIdMismatchException(expectedPeer, actual);
        }
        Optional<String> muxer = EarlyMuxer.choose(role, identity.config().earlyMuxers(), theirs.muxers());
        Optional<byte[]> last = role == Role.INITIATOR ? Optional.of(lastMessage(muxer)) : Optional.empty();
        SecureSession session = new SecureSession(identity.peer(), actual, remoteKey, muxer);
        return new Complete(last, session, state.split());
    }

    /** Message 3 names only the chosen muxer, so that every responder chooses it, too (NOI-59). */
    private byte[] lastMessage(Optional<String> muxer) throws NoiseException {
        return state.writeMessage(identity.payload(muxer.map(List::of).orElse(List.of())));
    }
}
