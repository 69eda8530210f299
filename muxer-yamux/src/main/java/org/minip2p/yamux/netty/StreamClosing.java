package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ResetCode;
import org.minip2p.yamux.YamuxConfig;

/**
 * The deadlines of a stream's end, from the end of its input or from its close on. Created on demand. Deadlines are absolute: the peer cannot
 * extend them, except on a stream that is open and in use.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamClosing extends StreamDeadlines.Entry {
    /** The minimum rate at which a closed stream must send, in bytes per second. */
    private static final long BYTES_PER_SECOND = 16 << 10;

    /** How many bytes may arrive after the close without a reset: answers to earlier writes, such as those of a negotiation. */
    private static final int LATE_BYTES = 4096;

    /** What it waits for. */
    private enum Phase {
        /** Entered when the input has ended and the output has not. Left when the stream is closed. */
        HALF_OPEN,
        /** Entered when the stream is closed. Left when its FIN has been sent. */
        LEAVING,
        /** Entered when the FIN of a closed stream has been sent. Left when the peer's FIN has arrived. */
        AWAITING_FIN
    }

    /** The stream. */
    interface Owner {
        void close();

        void reset(long code);
    }

    private final StreamContext context;
    private final StreamOutput output;
    private final Channel channel;
    private final Owner owner;
    private Phase phase = Phase.HALF_OPEN;
    private int lateBytes;

    StreamClosing(StreamContext context, StreamOutput output, Channel channel, Owner owner) {
        this.context = context;
        this.output = output;
        this.channel = channel;
        this.owner = owner;
    }

    /** The input has ended: the stream may continue as long as bytes are written and sent. */
    void halfOpen() {
        output.takeProgress();
        enter(Phase.HALF_OPEN, context.nanos(YamuxConfig.HALF_OPEN_TIMEOUT));
    }

    /** The stream is closed: its data and its FIN must be sent. */
    void leaving() {
        long seconds = output.queuedBytes() / BYTES_PER_SECOND;
        enter(Phase.LEAVING, context.nanos(YamuxConfig.CLOSE_TIMEOUT) + TimeUnit.SECONDS.toNanos(seconds));
    }

    /** The stream is closed and its FIN has been sent: the peer's FIN must arrive. */
    void awaitFin() {
        enter(Phase.AWAITING_FIN, context.nanos(YamuxConfig.FIN_TIMEOUT));
    }

    /** Bytes have arrived after the close; returns whether to tell the peer that they are not read. */
    boolean isTooLate(int bytes) {
        lateBytes += bytes;
        return lateBytes > LATE_BYTES;
    }

    void stop() {
        context.deadlines().remove(this);
    }

    @Override
    void passed() {
        switch (phase) {
            case HALF_OPEN -> closeUnlessUsed();
            case LEAVING, AWAITING_FIN -> owner.reset(ResetCode.NONE);
        }
    }

    private void closeUnlessUsed() {
        if (output.takeProgress()) {
            halfOpen();
            return;
        }
        context.tellHalfOpenTimeout(channel);
        owner.close();
    }

    private void enter(Phase next, long nanos) {
        phase = next;
        context.deadlines().set(this, nanos);
    }
}
