package org.minip2p.core;

/**
 * The codes that go with an RST: libp2p's, with go-libp2p's numbers (YMX-36). A peer may send any other.
 */
public final class ResetCode {
    /** None: an application reset the stream. */
    public static final long NONE = 0;
    /** No protocol was agreed on, or not in time. */
    public static final long NEGOTIATION_FAILED = 0x1001;
    /** The sender has no room for the stream, or for its bytes. */
    public static final long RESOURCE_LIMIT_EXCEEDED = 0x1002;
    /** Too many streams within a time. */
    public static final long RATE_LIMITED = 0x1003;
    /** The other side broke the protocol. */
    public static final long PROTOCOL_VIOLATION = 0x1004;
    /** Another stream replaces it. */
    public static final long SUPPLANTED = 0x1005;
    /** The stream was unused. */
    public static final long GARBAGE_COLLECTED = 0x1006;
    /** The sender is shutting down. */
    public static final long SHUTDOWN = 0x1007;
    /** The peer may not open this stream. */
    public static final long GATED = 0x1008;

    private ResetCode() {}

    /**
     * {@return a code in words: {@code "rate limited (code 0x1003)"}, {@code "code 42"}}
     *
     * @param code the code of the reset
     */
    public static String describe(long code) {
        if (code == NONE) {
            return "no reason given";
        }
        String words = switch ((int) code) {
            case (int) NEGOTIATION_FAILED -> "protocol negotiation failed";
            case (int) RESOURCE_LIMIT_EXCEEDED -> "resource limit exceeded";
            case (int) RATE_LIMITED -> "rate limited";
            case (int) PROTOCOL_VIOLATION -> "protocol violation";
            case (int) SUPPLANTED -> "supplanted";
            case (int) GARBAGE_COLLECTED -> "garbage collected";
            case (int) SHUTDOWN -> "shutting down";
            case (int) GATED -> "gated";
            default -> null;
        };
        return words == null ? "code " + code : words + " (code 0x" + Long.toHexString(code) + ")";
    }
}
