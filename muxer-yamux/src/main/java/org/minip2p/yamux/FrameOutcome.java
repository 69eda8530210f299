package org.minip2p.yamux;

/** What the reader must do with a frame after the session has checked its header. */
public enum FrameOutcome {
    /** Nothing; a body is skipped. */
    DROPPED,
    /** The frame opened the stream that {@link YamuxSession#opened} returns; the body, if any, is its first data. */
    OPENED,
    /** An inbound stream beyond a limit: answer with RST, and skip a body. The reason is {@link YamuxSession#refusal}. */
    REFUSED,
    /** A body follows for the stream. */
    DATA,
    /** The stream has more credit; ACK and FIN may have come with it. */
    CREDIT,
    /** The stream was acknowledged, and nothing else: there may be room for another of our own. */
    ACK,
    /** The stream gets no more data, and this frame brought none; ACK may have come with it. */
    FIN,
    /** The peer broke a rule of this stream: reset it, and skip a body. */
    STREAM_ERROR,
    /** The peer reset the stream; a body is skipped. The code is {@link FrameReader#resetCode}. */
    RESET_BY_PEER,
    /** A ping: answer it with the same value, the frame's length. */
    PING,
    /** The answer to our ping. */
    PONG,
    /** The peer ends the session; the frame's length is the code. */
    GO_AWAY
}
