package org.minip2p.yamux;

/**
 * The codes of a GO_AWAY frame: those that the specification names (YMX-64), and libp2p's, with go-libp2p's numbers. A peer may send any
 * other.
 */
public final class GoAwayCode {
    /** The session ends on purpose. */
    public static final long NORMAL = 0;
    /** The other side broke the protocol. */
    public static final long PROTOCOL_ERROR = 1;
    /** The sender is at fault. */
    public static final long INTERNAL_ERROR = 2;
    /** The other side did something too often. */
    public static final long RATE_LIMITED = 0x1002;

    private GoAwayCode() {}

    /** A code in words: {@code "rate limited (code 0x1002)"}, {@code "code 42"}. */
    public static String describe(long code) {
        String words = switch ((int) code) {
            case (int) NORMAL -> "on purpose";
            case (int) PROTOCOL_ERROR -> "protocol error";
            case (int) INTERNAL_ERROR -> "internal error";
            case 0x1000 -> "protocol negotiation failed";
            case 0x1001 -> "resource limit exceeded";
            case (int) RATE_LIMITED -> "rate limited";
            case 0x1003 -> "protocol violation";
            case 0x1004 -> "supplanted";
            case 0x1005 -> "garbage collected";
            case 0x1006 -> "shutting down";
            case 0x1007 -> "gated";
            default -> null;
        };
        String number = code < 0x1000 ? Long.toString(code) : "0x" + Long.toHexString(code);
        return words == null ? "code " + number : words + " (code " + number + ")";
    }
}
