package org.minip2p.noise;

import static org.minip2p.noise.HandshakeFailedException.Reason.BAD_TAG;
import static org.minip2p.noise.HandshakeFailedException.Reason.MESSAGE_TOO_SHORT;
import static org.minip2p.noise.HandshakeFailedException.Reason.ZERO_SHARED_SECRET;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;

/**
 * The XX handshake of Noise: the {@code HandshakeState} of the specification. It knows nothing of libp2p.
 *
 * <p>Calls come in the order of the pattern: the initiator writes, reads, writes; the responder reads, writes, reads; then both
 * {@link #split}. A call out of turn is an {@link IllegalStateException}. A failed message does not change the state.
 *
 * <p>Confined to one thread at a time. {@link #split} and {@link #close} wipe all secrets.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-handshakestate-object">Noise, section 5.3</a>
 * @see <a href="https://noiseprotocol.org/noise.html#interactive-handshake-patterns-fundamental">Noise, section 7.5</a>
 */
public final class HandshakeState implements AutoCloseable {
    /** The protocol name that starts the hash. */
    public static final String PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";

    /** The longest Noise message, in bytes (Noise, section 3). */
    public static final int MAX_MESSAGE_BYTES = 65_535;

    /** The tokens of a message. */
    enum Token {
        E,
        S,
        EE,
        ES,
        SE
    }

    /** The pattern, one row a message, the initiator's first; each row is followed by a payload. */
    private static final Token[][] XX = {
        {Token.E}, //
        {Token.E, Token.EE, Token.S, Token.ES},
        {Token.S, Token.SE}
    };

    private final NoiseCrypto crypto;
    private final Role role;
    private final KeyPair localStatic;
    private final SymmetricState symmetric;

    /** The state before the message that is read or written; wiped between messages. */
    private final SymmetricState saved;

    private @Nullable KeyPair localEphemeral;
    private byte @Nullable [] remoteEphemeral;
    private byte @Nullable [] remoteStatic;
    private int messages;
    private boolean isClosed;

    /**
     * {@code Initialize}, for a session with a new ephemeral key.
     *
     * @param role the initiator speaks first
     * @param prologue data that both sides must know, but do not send; empty for libp2p over TCP
     * @param localStatic our static key; copied
     */
    public HandshakeState(NoiseCrypto crypto, Role role, byte[] prologue, KeyPair localStatic) {
        this.crypto = crypto;
        this.role = role;
        this.localStatic = localStatic.copy();
        symmetric = new SymmetricState(PROTOCOL_NAME, crypto);
        symmetric.mixHash(prologue, 0, prologue.length);
        saved = new SymmetricState(PROTOCOL_NAME, crypto);
    }

    /** Whether all three messages have passed, and {@link #split} is next. */
    public boolean isComplete() {
        return messages == XX.length;
    }

    /** The peer's static key, once it has arrived; proven when its message has been read. */
    public byte[] remoteStatic() {
        return expect(remoteStatic).clone();
    }

    /**
     * {@code WriteMessage}.
     *
     * @param payload the payload: unencrypted in the first message, only readable by the peer in the others
     * @return the message
     * @throws HandshakeFailedException when the peer's key gives no secret
     */
    public byte[] writeMessage(byte[] payload) throws HandshakeFailedException {
        checkTurn(true);
        Token[] row = XX[messages];
        byte[] message = new byte[lengthOf(row) + payload.length];
        if (message.length > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "the message would have " + message.length + " bytes, the most is " + MAX_MESSAGE_BYTES);
        }
        return attempt(() -> {
            int at = 0;
            for (Token token : row) {
                switch (token) {
                    case E -> {
                        localEphemeral = crypto.x25519().generate();
                        System.arraycopy(localEphemeral.publicKey(), 0, message, at, X25519.KEY_BYTES);
                        symmetric.mixHash(message, at, X25519.KEY_BYTES);
                        at += X25519.KEY_BYTES;
                    }
                    case S -> {
                        System.arraycopy(localStatic.publicKey(), 0, message, at, X25519.KEY_BYTES);
                        at += symmetric.encryptAndHash(message, at, X25519.KEY_BYTES);
                    }
                    case EE, ES, SE -> mixAgreement(token);
                }
            }
            System.arraycopy(payload, 0, message, at, payload.length);
            symmetric.encryptAndHash(message, at, payload.length);
            return message;
        });
    }

    /**
     * {@code ReadMessage}.
     *
     * @param message as received; not changed
     * @return its payload
     * @throws HandshakeFailedException when the message is too short, was changed, or its key gives no secret
     */
    public byte[] readMessage(byte[] message) throws HandshakeFailedException {
        checkTurn(false);
        Token[] row = XX[messages];
        int least = lengthOf(row);
        if (message.length < least) {
            throw new HandshakeFailedException(
                    MESSAGE_TOO_SHORT,
                    "handshake message " + (messages + 1) + " has at least " + least + " bytes, not " + message.length);
        }
        return attempt(() -> {
            int at = 0;
            for (Token token : row) {
                switch (token) {
                    case E -> {
                        remoteEphemeral = Arrays.copyOf(message, X25519.KEY_BYTES);
                        symmetric.mixHash(message, at, X25519.KEY_BYTES);
                        at += X25519.KEY_BYTES;
                    }
                    case S -> {
                        int length = X25519.KEY_BYTES + symmetric.overhead();
                        remoteStatic = symmetric.decryptAndHash(message, at, length);
                        at += length;
                    }
                    case EE, ES, SE -> mixAgreement(token);
                }
            }
            return symmetric.decryptAndHash(message, at, message.length - at);
        });
    }

    /**
     * {@code Split}: ends the handshake, and wipes it.
     *
     * @return the ciphers of the session
     */
    public TransportState split() {
        if (!isComplete() || isClosed) {
            throw new IllegalStateException("split after the last message, once; messages so far: " + messages);
        }
        CipherState[] pair = symmetric.split();
        boolean isInitiator = role == Role.INITIATOR;
        byte[] hash = symmetric.handshakeHash();
        close();
        return new TransportState(pair[isInitiator ? 0 : 1], pair[isInitiator ? 1 : 0], hash);
    }

    /** Wipes the private keys and the chaining key. The state cannot be used afterwards. */
    @Override
    public void close() {
        isClosed = true;
        symmetric.close();
        localStatic.wipe();
        if (localEphemeral != null) {
            localEphemeral.wipe();
        }
    }

    /** {@code ee}, {@code es} (the initiator's e, the responder's s) or {@code se} (the initiator's s, the responder's e). */
    private void mixAgreement(Token token) throws HandshakeFailedException {
        Token own = role == Role.INITIATOR ? token : mirrored(token);
        KeyPair local = own == Token.SE ? localStatic : expect(localEphemeral);
        byte[] remote = expect(own == Token.ES ? remoteStatic : remoteEphemeral);
        byte[] secret = new byte[X25519.KEY_BYTES];
        if (!crypto.x25519().agree(local.privateKey(), remote, secret)) {
            throw new HandshakeFailedException(
                    ZERO_SHARED_SECRET, "the shared secret " + token + " is zero: the peer's key is of low order");
        }
        symmetric.mixKey(secret);
        Arrays.fill(secret, (byte) 0);
    }

    private static Token mirrored(Token token) {
        return switch (token) {
            case ES -> Token.SE;
            case SE -> Token.ES;
            case E, S, EE -> token;
        };
    }

    /** The minimum length of a message: its keys and tags, with an empty payload. */
    private int lengthOf(Token[] row) {
        int length = 0;
        int overhead = symmetric.overhead();
        for (Token token : row) {
            switch (token) {
                case E -> length += X25519.KEY_BYTES;
                case S -> length += X25519.KEY_BYTES + overhead;
                case EE, ES, SE -> overhead = CipherState.TAG_BYTES;
            }
        }
        return length + overhead;
    }

    @FunctionalInterface
    private interface Attempt {
        byte[] run() throws CipherException, HandshakeFailedException;
    }

    /** Processes a message, and restores the old state if that fails. */
    private byte[] attempt(Attempt attempt) throws HandshakeFailedException {
        saved.set(symmetric);
        KeyPair localEphemeralBefore = localEphemeral;
        byte[] remoteEphemeralBefore = remoteEphemeral;
        byte[] remoteStaticBefore = remoteStatic;
        boolean done = false;
        try {
            byte[] result = attempt.run();
            done = true;
            messages++;
            return result;
        } catch (CipherException e) {
            throw new HandshakeFailedException(
                    BAD_TAG, "handshake message " + (messages + 1) + " is not what the peer sent", e);
        } finally {
            if (!done) {
                symmetric.set(saved);
                putEphemeralBack(localEphemeralBefore);
                remoteEphemeral = remoteEphemeralBefore;
                remoteStatic = remoteStaticBefore;
            }
            saved.close();
        }
    }

    private void putEphemeralBack(@Nullable KeyPair before) {
        if (localEphemeral != null && localEphemeral != before) {
            localEphemeral.wipe();
        }
        localEphemeral = before;
    }

    private void checkTurn(boolean write) {
        boolean isOurTurn = (messages % 2 == 0) == (role == Role.INITIATOR);
        if (isClosed || isComplete() || isOurTurn != write) {
            throw new IllegalStateException(
                    "no message to " + (write ? "write" : "read") + " as " + role + " after " + messages);
        }
    }

    private static <T> T expect(@Nullable T key) {
        if (key == null) {
            throw new IllegalStateException("the pattern has not brought this key yet");
        }
        return key;
    }
}
