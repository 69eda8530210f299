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
 * What the streams of one connection share, and all that they know of it. Most of it is made for the first that needs
 * it: many connections are idle.
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
     * @param budget counts what they hold
     * @param config the limits
     * @param halfOpenTimedOut told of each half-open stream that is closed because nobody uses it
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

    /** Tells the owner of the session of a half-open stream that is being closed because nobody uses it. */
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

    /** Those that wait for the connection to take bytes. */
    WritableWaiters waiters() {
        WritableWaiters made = waiters;
        if (made == null) {
            made = new WritableWaiters(wire, turn, budget);
            waiters = made;
        }
        return made;
    }

    /** Tells one of those that wait, if the connection takes bytes; returns whether there was one. */
    boolean tellWritable() {
        return waiters != null && waiters.tellNext();
    }

    /** What streams wait for, and how long. */
    StreamDeadlines deadlines() {
        StreamDeadlines made = deadlines;
        if (made == null) {
            made = new StreamDeadlines(wire);
            deadlines = made;
        }
        return made;
    }

    /** The session is over: nothing is waited for any more. */
    void stopDeadlines() {
        if (deadlines != null) {
            deadlines.stop();
        }
    }

    /** Tells tasks of the event loop apart. */
    TaskClock tasks() {
        TaskClock made = tasks;
        if (made == null) {
            made = new TaskClock(wire);
            tasks = made;
        }
        return made;
    }

    /** What handlers are told when whoever is on the stack has returned. */
    LaterNotices later() {
        LaterNotices made = later;
        if (made == null) {
            made = new LaterNotices(wire, turn);
            later = made;
        }
        return made;
    }

    /** Nothing is left of a stream. */
    void released(YamuxStream stream) {
        ArrayDeque<YamuxStream> queue = released;
        if (queue == null) {
            queue = new ArrayDeque<>(2);
            released = queue;
        }
        queue.add(stream);
    }

    /** A stream of which nothing is left, once for each; null when there is none. */
    @Nullable YamuxStream pollReleased() {
        return released == null ? null : released.poll();
    }
}
