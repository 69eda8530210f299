package org.minip2p.host;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.config.Setting;
import org.minip2p.host.events.Events;
import org.minip2p.host.observing.ObserverFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orderly end of a host. It runs once, even if it is requested several times. Thread-safe. */
final class HostEnd {
    private static final Logger LOG = LoggerFactory.getLogger(Events.LOGGER);

    private final HostParts parts;
    private final Host host;
    private final AtomicReference<@Nullable CompletableFuture<Void>> closing = new AtomicReference<>();

    HostEnd(HostParts parts, Host host) {
        this.parts = parts;
        this.host = host;
    }

    /** Whether it has begun. */
    boolean hasBegun() {
        return closing.get() != null;
    }

    /**
     * Begins, unless it has begun.
     *
     * @param drain how long to wait for streams that still have something to send
     * @return completes when nothing is left
     */
    CompletableFuture<Void> begin(Duration drain) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        if (!closing.compareAndSet(null, result)) {
            CompletableFuture<Void> running = closing.get();
            return running == null ? result : running;
        }
        CompletableFuture<Void> unbound = parts.listeners.close();
        parts.threads.peerExecutor().execute(() -> {
            parts.kept.close();
            parts.dialer.close();
            parts.dnsaddrs.close();
            CompletableFuture.allOf(unbound, parts.table.close(drain))
                    .whenComplete((all, failure) -> endThreads(result));
        });
        return result;
    }

    private void endThreads(CompletableFuture<Void> result) {
        parts.transport.shutdown().whenComplete((down, failure) -> {
            // The last connections have posted their end; it is delivered before the executor shuts down.
            parts.threads
                    .peerExecutor()
                    .execute(() -> parts.book.close().whenComplete((written, unwritten) -> {
                        parts.noise.close();
                        ObserverFeed feed = parts.meter.feed();
                        if (feed != null) {
                            feed.end(new HostObservation.HostClosed(host));
                        }
                        parts.threads.shutdown();
                        result.complete(null);
                    }));
        });
    }

    /** The same, but aborts connections that are left after the grace period; refuses a negative one, or one longer than a day. */
    CompletableFuture<Void> beginWithin(Duration grace) {
        if (grace.isNegative() || grace.compareTo(Setting.MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    "expected a grace of zero to " + Setting.MAX_DURATION + ", but got " + grace);
        }
        CompletableFuture<Void> closed = begin(grace);
        try {
            var unused =
                    parts.threads.peerExecutor().schedule(parts.table::abort, grace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("host={} is closed already", parts.self); // nothing is left to abort
        }
        return closed;
    }

    /** Throws if the end would wait for the current thread. */
    void refuseOwnThread() {
        if (parts.transport.isEventLoop() || parts.threads.isCurrentThread()) {
            throw new IllegalStateException("close waits for this thread of the host, "
                    + Thread.currentThread().getName() + ": call closeAsync here, or close on another thread");
        }
    }
}
