package org.minip2p.protocols;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** What a peer said of itself was not usable. Nothing that was known of it changes, and the connection stays (IDN-25). */
public final class IdentifyFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** Not the message of the protocol. */
        MALFORMED,
        /** One message is longer than is read (IDN-20). */
        TOO_LONG,
        /** More messages than are read (IDN-21). */
        TOO_MANY_MESSAGES,
        /** More of this peer, or of all peers together, is being read at this moment than there is memory for. */
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

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
