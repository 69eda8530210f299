package org.minip2p.protocols;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** A peer's identify data was not usable. Its known data does not change, and the connection stays open (IDN-25). */
public final class IdentifyFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** It is not a message of the protocol. */
        MALFORMED,
        /** A message is too long (IDN-20). */
        TOO_LONG,
        /** There are too many messages (IDN-21). */
        TOO_MANY_MESSAGES,
        /** Too much data of this peer, or of all peers together, is being read at this moment. */
        NO_ROOM,
        /** The stream ended before a message was complete, or without any (IDN-25). */
        CUT,
        /** The key is another than that of the connection (IDN-10). */
        WRONG_KEY
    }

    private final Reason reason;

    IdentifyFailedException(Reason reason, String message) {
        this(reason, message, null);
    }

    IdentifyFailedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** {@return what is wrong} */
    public Reason reason() {
        return reason;
    }
}
