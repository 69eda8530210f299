package org.minip2p.core;

/** A stream was reset by the peer or by this end: both directions have ended, and unsent data is dropped (YMX-35). */
public class StreamResetException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    private final long code;
    private final boolean byPeer;

    /**
     * Creates the exception.
     *
     * @param streamId the stream's id
     * @param code the error code of the RST, see {@link ResetCode}; 0 for none
     * @param byPeer whether the peer sent the RST
     */
    public StreamResetException(long streamId, long code, boolean byPeer) {
        super("stream " + streamId + " was reset by " + (byPeer ? "the peer" : "this end") + ": "
                + ResetCode.describe(code));
        this.code = code;
        this.byPeer = byPeer;
    }

    /** {@return the error code of the RST; 0 when there was none} */
    public long code() {
        return code;
    }

    /** {@return whether the peer reset the stream; false when this end did} */
    public boolean byPeer() {
        return byPeer;
    }
}
