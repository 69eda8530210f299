package org.minip2p.yamux;

/** The codes of a GO_AWAY frame that the specification names (YMX-64); a peer may send any other. */
public final class GoAwayCode {
    /** The session ends on purpose. */
    public static final long NORMAL = 0;
    /** The other side broke the protocol. */
    public static final long PROTOCOL_ERROR = 1;
    /** The sender is at fault. */
    public static final long INTERNAL_ERROR = 2;

    private GoAwayCode() {}
}
