package org.minip2p.yamux;

/**
 * The flag bits of a header (YMX-5). Any mix is read, unknown bits are ignored (YMX-7); one at most is sent in a frame
 * (YMX-26), because jvm-libp2p closes the connection on a combination.
 */
public final class Flags {
    /** No flag. */
    public static final int NONE = 0;
    /** Opens a stream, or asks with a ping. */
    public static final int SYN = 1;
    /** Accepts a stream, or answers a ping. */
    public static final int ACK = 2;
    /** The sender will send no more data. */
    public static final int FIN = 4;
    /** The stream is gone in both directions. */
    public static final int RST = 8;

    private Flags() {}
}
