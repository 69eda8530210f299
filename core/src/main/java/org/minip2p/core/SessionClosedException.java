package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/**
 * The session has ended. Its open streams fail with this exception, and so do later attempts to open a stream or to ping. It has no stack
 * trace: the frames of an event loop do not explain why a session ended, and every orderly close would pay for them.
 */
public class SessionClosedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * The session broke: it ended without a GO_AWAY frame from either side, and not between two frames.
     */
    public static final long NO_CODE = -1;

    /**
     * The connection's bytes ended between two frames, without a GO_AWAY frame. js-libp2p closes like this when it stops listening, and
     * go-yamux always does, unless its socket resets.
     */
    public static final long END_OF_BYTES = -2;

    /** This side ended the session at once, without a GO_AWAY frame. */
    public static final long ABORTED = -3;

    private final long code;

    /**
     * Creates the exception.
     *
     * @param code the code of the GO_AWAY frame that ended it, {@link #NO_CODE}, {@link #END_OF_BYTES} or {@link #ABORTED}
     * @param message what ended it
     * @param cause the cause, if there is one
     */
    public SessionClosedException(long code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /**
     * {@return the code of the GO_AWAY frame that ended the session, sent or received; {@link #NO_CODE}, {@link #END_OF_BYTES} or
     * {@link #ABORTED} without one}
     */
    public long code() {
        return code;
    }
}
