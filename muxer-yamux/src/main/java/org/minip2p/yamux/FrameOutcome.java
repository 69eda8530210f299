package org.minip2p.yamux;

/** What the reader of the bytes has to do with a frame, now that the session has judged its header. */
public enum FrameOutcome {
    /** Nothing; a body is skipped. */
    DROPPED,
    /** The frame opened the stream that {@link YamuxSession#opened} gives; the body, if any, is its first data. */
    OPENED,
    /** An inbound stream beyond a limit: RST goes back, a body is skipped. */
    REFUSED,
    /** A body follows for the stream. */
    DATA,
    /** The stream has more credit, or its ACK has come, or nothing but FIN. */
    UPDATED,
    /** The peer broke a rule of this stream: it is to be reset, a body is skipped. */
    STREAM_ERROR,
    /** The peer reset the stream; a body is skipped. The code is {@link YamuxSession#resetCode}. */
    RESET_BY_PEER,
    /** A ping to be answered with the same value, the frame's length. */
    PING,
    /** The answer to our ping. */
    PONG,
    /** The peer ends the session; the frame's length is the code. */
    GO_AWAY
}
