package org.minip2p.yamux.netty;

import io.netty.channel.ChannelPromise;
import org.minip2p.yamux.YamuxStream;

/**
 * A stream, as seen by the code that queues and writes its frames. It is at most once in each queue of
 * {@link FrameQueues}, and says what to write when its turn comes.
 */
interface FrameSource {
    /** The protocol state of the stream. */
    YamuxStream protocol();

    /** It is no longer queued for a window update, ACK or RST. */
    void controlTaken();

    /** Whether to write an RST, instead of everything else. */
    boolean isResetPending();

    /** The RST is in a frame; returns its code. */
    long takeReset();

    /** It is no longer queued for SYN, data or FIN. */
    void dataTaken();

    /** Queues itself for SYN, data or FIN if there is something to send. */
    void queueData();

    /** Whether a SYN, data or a FIN can be written now. */
    boolean hasFrame();

    /** The length of the body that could be written next, in bytes; 0 when the next frame has none. */
    long nextBodyBytes();

    /**
     * Writes a body, whose header is written.
     *
     * @param bytes its length, at most {@link #nextBodyBytes}
     */
    void writeBody(int bytes);

    /**
     * The FIN is in a frame.
     *
     * @return to be completed when the connection has taken it
     */
    ChannelPromise finSent();
}
