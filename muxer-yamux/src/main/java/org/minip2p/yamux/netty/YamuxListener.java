package org.minip2p.yamux.netty;

import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.StreamRefusal;

/** What a session tells its owner, always on the connection's event loop. */
public interface YamuxListener {
    /**
     * The peer opened a stream. Handlers are to be put into its pipeline now, before its first byte is read. Its ACK
     * goes out when this returns, unless the stream was reset; when this throws, the stream is reset.
     *
     * @param stream the new stream, registered and not active yet
     */
    void inboundStream(YamuxStreamChannel stream);

    /**
     * The peer wanted to open a stream and may not; it is answered by RST. A peer can make this happen with each 12 bytes that it sends, but
     * for as long as its session lasts.
     *
     * @param reason why
     */
    default void streamRefused(StreamRefusal reason) {}

    /**
     * A stream was opened or has ended.
     *
     * @param open how many there are now, of both sides
     */
    void streamCountChanged(int open);

    /**
     * A half-open stream is being closed: its input has ended, and for a while nothing was written to it nor taken by the peer.
     *
     * @param stream the stream, still open
     */
    default void halfOpenTimedOut(YamuxStreamChannel stream) {}

    /**
     * The session is over; called exactly once, and nothing is called after it. All streams have been failed, and a
     * GO_AWAY, if one was due, has been flushed. The owner closes the connection.
     *
     * @param cause an error of the peer, its GO_AWAY, the end of input or a stalled connection; null when it was
     *     {@link YamuxHandler#shutdown}
     */
    void sessionEnded(@Nullable Throwable cause);
}
