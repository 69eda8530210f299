package org.minip2p.yamux.netty;

import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.StreamRefusal;

/** Receives the events of a session, always on the connection's event loop. */
public interface YamuxListener {
    /**
     * The peer opened a stream. Add handlers to its pipeline now, before its first byte is read. Its ACK is sent when this returns, unless
     * the stream was reset; if this throws, the stream is reset.
     *
     * @param stream the new stream, registered and not active yet
     */
    void inboundStream(YamuxStreamChannel stream);

    /**
     * A stream of the peer was refused with RST. A peer can cause this with every 12 bytes that it sends, for as long as its session lasts.
     *
     * @param reason the reason
     */
    default void streamRefused(StreamRefusal reason) {}

    /**
     * A stream was opened or has ended.
     *
     * @param open the number of open streams, of both sides
     */
    void streamCountChanged(int open);

    /**
     * A half-open stream is being closed: its input has ended, and for a while nothing was written to it or accepted by the peer.
     *
     * @param stream the stream, still open
     */
    default void halfOpenTimedOut(YamuxStreamChannel stream) {}

    /**
     * The session has ended; called exactly once, and last. All streams have failed, and any due GO_AWAY has been flushed. The owner must
     * close the connection.
     *
     * @param cause an error of the peer, its GO_AWAY, the end of input or a stalled connection; null when it was
     *     {@link YamuxHandler#shutdown}
     */
    void sessionEnded(@Nullable Throwable cause);
}
