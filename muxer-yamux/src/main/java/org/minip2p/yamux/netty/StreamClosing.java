package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.ResetCode;
import org.minip2p.yamux.YamuxConfig;

/**
 * The time that a stream has to come to its end, from the end of its input or from its close on. Made when there is such a thing. Deadlines are
 * absolute: nothing that the peer does puts them off, but for one of a stream that is open and used.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamClosing extends StreamDeadlines.Entry {
    /** So many bytes have to leave a closed stream in each second. */
    private static final long BYTES_PER_SECOND = 16 << 10;

    /** What may come after the close without a reset, in bytes: answers to what was written before, such as that of a negotiation. */
    private static final int LATE_BYTES = 4096;

    /** What is waited for. */
    private enum Phase {
        /** Entered when the input has ended and the output has not. Left when the stream is closed. */
        HALF_OPEN,
        /** Entered when the stream is closed. Left when its FIN is on its way. */
        LEAVING,
        /** Entered when the FIN of a closed stream is on its way. Left when the peer's has come. */
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

    /** The input has ended: as long as bytes are written and taken the stream may go on. */
    void halfOpen() {
        output.takeProgress();
        enter(Phase.HALF_OPEN, context.nanos(YamuxConfig.HALF_OPEN_TIMEOUT));
    }

    /** The stream is closed: what was written has to leave, the FIN with it. */
    void leaving() {
        long seconds = output.queuedBytes() / BYTES_PER_SECOND;
        enter(Phase.LEAVING, context.nanos(YamuxConfig.CLOSE_TIMEOUT) + TimeUnit.SECONDS.toNanos(seconds));
    }

    /** The stream is closed and its FIN on its way: the peer's has to come. */
    void awaitFin() {
        enter(Phase.AWAITING_FIN, context.nanos(YamuxConfig.FIN_TIMEOUT));
    }

    /** So many bytes have come after the close: whether the peer has to be told that nobody reads them. */
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
