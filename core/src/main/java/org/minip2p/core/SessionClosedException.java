package org.minip2p.core;

import org.jspecify.annotations.Nullable;

/**
 * The session is over: what its open streams fail with, and what opening a stream or a ping fails with afterwards. It has no stack trace:
 * the frames of an event loop tell nothing about why a session ended, and each orderly close would pay for them.
 */
public class SessionClosedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Stands for a session that broke: it ended without a GO_AWAY frame from either side, and not between two frames.
     */
    public static final long NO_CODE = -1;

    /**
     * Stands for a connection whose bytes ended between two frames, without a GO_AWAY frame: how js-libp2p closes when
     * it stops listening, and go-yamux always, where the socket under it does not reset.
     */
    public static final long END_OF_BYTES = -2;

    /** Stands for a session that this side ended at once, without a GO_AWAY frame. */
    public static final long ABORTED = -3;

    private final long code;

    /**
     * The end of a session.
     *
     * @param code the code of the GO_AWAY frame that ended it, {@link #NO_CODE}, {@link #END_OF_BYTES} or {@link #ABORTED}
     * @param message what ended it
     * @param cause what brought it about, if anything did
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
     * The code of the GO_AWAY frame that ended the session, sent or received; {@link #NO_CODE}, {@link #END_OF_BYTES} or
     * {@link #ABORTED} without one.
     */
    public long code() {
        return code;
    }
}
