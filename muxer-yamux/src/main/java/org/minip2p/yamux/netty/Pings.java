package org.minip2p.yamux.netty;

import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.yamux.RoundTrip;

/**
 * The pings of this end, and their callers. One is open at a time; later callers share it.
 *
 * <p>Confined to the connection's event loop, {@link #roundTripNanos} excepted.
 */
final class Pings {
    /**
     * After this many bytes the round trip is measured, since windows may have to grow. Quiet connections need no such
     * ping.
     */
    private static final int BULK_BYTES = 16_384;

    private final RoundTrip roundTrip;
    private final FrameQueues queues;
    private @Nullable List<Promise<Duration>> waiting;
    private long receivedBytes;
    private volatile long roundTripNanos;

    Pings(RoundTrip roundTrip, FrameQueues queues) {
        this.roundTrip = roundTrip;
        this.queues = queues;
    }

    /** The last measured round trip; 0 before the first. Any thread. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    /** Requests a ping, unless one is open or about to be sent. */
    void request() {
        if (!roundTrip.isOpen()) {
            queues.addPing();
        }
    }

    /** Requests a ping for a caller that waits for its answer. */
    void request(Promise<Duration> promise) {
        if (promise.setUncancellable()) {
            if (waiting == null) {
                waiting = new ArrayList<>(1);
            }
            waiting.add(promise);
        }
        request();
    }

    /** Bytes of a body have arrived. */
    void received(int bytes) {
        if (receivedBytes < BULK_BYTES) {
            receivedBytes += bytes;
            if (receivedBytes >= BULK_BYTES) {
                request();
            }
        }
    }

    /** The answer to the open ping has arrived. */
    void answered() {
        roundTripNanos = roundTrip.nanos();
        Duration time = Duration.ofNanos(roundTripNanos);
        takeWaiting().forEach(promise -> promise.trySuccess(time));
    }

    /** No answer will arrive. */
    void fail(Throwable cause) {
        takeWaiting().forEach(promise -> promise.tryFailure(cause));
    }

    private List<Promise<Duration>> takeWaiting() {
        List<Promise<Duration>> taken = waiting;
        waiting = null;
        return taken == null ? List.of() : taken;
    }
}
