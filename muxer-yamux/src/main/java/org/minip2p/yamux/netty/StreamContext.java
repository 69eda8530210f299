package org.minip2p.yamux.netty;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.config.Setting;
import org.minip2p.yamux.ConnectionBudget;
import org.minip2p.yamux.YamuxConfig;
import org.minip2p.yamux.YamuxStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared by the streams of one connection; they know nothing else of it. Most of it is created on demand, since many
 * connections are idle.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamContext {
    private static final Logger LOG = LoggerFactory.getLogger(StreamContext.class);

    private final Wire wire;
    private final Turn turn;
    private final FrameQueues queues;
    private final ConnectionBudget budget;
    private final YamuxConfig config;
    private final Consumer<Channel> halfOpenTimedOut;
    private final long maxQueuedBytes;
    private @Nullable WritableWaiters waiters;
    private @Nullable StreamDeadlines deadlines;
    private @Nullable TaskClock tasks;
    private @Nullable LaterNotices later;
    private @Nullable ArrayDeque<YamuxStream> released;

    /**
     * What the streams share.
     *
     * @param budget counts their memory
     * @param config the limits
     * @param halfOpenTimedOut called for each half-open stream that is closed because it is unused
     */
    StreamContext(
            Wire wire,
            Turn turn,
            FrameQueues queues,
            ConnectionBudget budget,
            YamuxConfig config,
            Consumer<Channel> halfOpenTimedOut) {
        this.wire = wire;
        this.turn = turn;
        this.queues = queues;
        this.budget = budget;
        this.config = config;
        this.halfOpenTimedOut = halfOpenTimedOut;
        this.maxQueuedBytes = config.get(YamuxConfig.STREAM_SEND_QUEUE_BYTES);
    }

    Wire wire() {
        return wire;
    }

    Turn turn() {
        return turn;
    }

    FrameQueues queues() {
        return queues;
    }

    ConnectionBudget budget() {
        return budget;
    }

    long maxQueuedBytes() {
        return maxQueuedBytes;
    }

    /** Tells the owner of the session about a half-open stream that is being closed because it is unused. */
    void tellHalfOpenTimeout(Channel stream) {
        try {
            halfOpenTimedOut.accept(stream);
        } catch (Throwable failure) { // of the owner's code
            LOG.error("stream={} listener-failed", stream.id(), failure);
        }
    }

    /** A time-out of the configuration, in nanoseconds. */
    long nanos(Setting<Duration> timeout) {
        return config.get(timeout).toNanos();
    }

    /** Streams that wait for the connection to become writable. */
    WritableWaiters waiters() {
        WritableWaiters made = waiters;
        if (made == null) {
            made = new WritableWaiters(wire, turn, budget);
            waiters = made;
        }
        return made;
    }

    /** Notifies one waiting stream, if the connection is writable; returns whether there was one. */
    boolean tellWritable() {
        return waiters != null && waiters.tellNext();
    }

    /** The deadlines of streams. */
    StreamDeadlines deadlines() {
        StreamDeadlines made = deadlines;
        if (made == null) {
            made = new StreamDeadlines(wire);
            deadlines = made;
        }
        return made;
    }

    /** The session has ended: cancels all deadlines. */
    void stopDeadlines() {
        if (deadlines != null) {
            deadlines.stop();
        }
    }

    /** Distinguishes the tasks of the event loop. */
    TaskClock tasks() {
        TaskClock made = tasks;
        if (made == null) {
            made = new TaskClock(wire);
            tasks = made;
        }
        return made;
    }

    /** Notices for handlers after the current call stack has returned. */
    LaterNotices later() {
        LaterNotices made = later;
        if (made == null) {
            made = new LaterNotices(wire, turn);
            later = made;
        }
        return made;
    }

    /** A stream has ended completely. */
    void released(YamuxStream stream) {
        ArrayDeque<YamuxStream> queue = released;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            released = queue;
        }
        queue.add(stream);
    }

    /** A stream that has ended completely, once for each; null when there is none. */
    @Nullable YamuxStream pollReleased() {
        return released == null ? null : released.poll();
    }
}
