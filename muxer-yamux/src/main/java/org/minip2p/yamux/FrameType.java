package org.minip2p.yamux;

/** The types of a frame (YMX-4). */
public enum FrameType {
    /** Bytes of a stream; the only type with a body. */
    DATA(0),
    /** Credit for the other side's sending; the length field is the credit, in bytes. */
    WINDOW_UPDATE(1),
    /** A request or its answer; the length field is an opaque value. */
    PING(2),
    /** The end of the session; the length field is a {@link GoAwayCode}. */
    GO_AWAY(3);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }

    /**
     * The type with a number.
     *
     * @throws YamuxException when there is none: a protocol error
     */
    static FrameType of(int code) throws YamuxException {
        return switch (code) {
            case 0 -> DATA;
            case 1 -> WINDOW_UPDATE;
            case 2 -> PING;
            case 3 -> GO_AWAY;
            default -> throw YamuxException.protocolError("frame type " + code + ", expected 0 to 3");
        };
    }
}
