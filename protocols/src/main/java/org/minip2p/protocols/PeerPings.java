package org.minip2p.protocols;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Connection;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.ProtocolStream;

/**
 * The pings to one peer: at most one stream, for any number of connections (PNG-13), and one ping at a time in the order of the
 * requests (PNG-6). Confined to the protocol context.
 */
final class PeerPings {
    /** A requested ping. */
    private static final class PendingPing {
        final Connection connection;
        final CompletableFuture<Duration> result;
        boolean wasSentAgain;

        PendingPing(Connection connection, CompletableFuture<Duration> result) {
            this.connection = connection;
            this.result = result;
        }
    }

    private final ProtocolContext context;
    private final PingTimes times;
    private final Consumer<byte[]> randomness;
    private final Runnable unused;
    private final ArrayDeque<PendingPing> waiting = new ArrayDeque<>();
    private @Nullable PendingPing inFlight;
    private @Nullable PingStream stream;

    /**
     * No pings yet.
     *
     * @param unused called when no ping waits and no stream is open
     */
    PeerPings(ProtocolContext context, PingTimes times, Consumer<byte[]> randomness, Runnable unused) {
        this.context = context;
        this.times = times;
        this.randomness = randomness;
        this.unused = unused;
    }

    /** Pings when earlier pings are done; the result completes or fails within the time for an answer. */
    void ping(Connection connection, CompletableFuture<Duration> result) {
        PendingPing ping = new PendingPing(connection, result);
        context.expire(Ping.ID, times.answer(), result);
        result.whenComplete((roundTrip, failure) -> {
            if (failure != null) {
                context.execute(() -> givenUp(ping));
            }
        });
        waiting.add(ping);
        next();
    }

    /** The time has passed, or the caller no longer waits: a stream that owes the answer is useless (PNG-15). */
    private void givenUp(PendingPing ping) {
        if (ping == inFlight && stream != null) {
            stream.reset();
        } else {
            waiting.remove(ping);
        }
    }

    private void next() {
        if (inFlight != null) {
            return;
        }
        PendingPing ping = waiting.poll();
        if (ping == null) {
            if (stream == null) {
                unused.run();
            }
            return;
        }
        PingStream open = stream;
        if (open == null) {
            inFlight = ping;
            stream = new PingStream(ping);
        } else if (open.connection == ping.connection) {
            inFlight = ping;
            open.send(ping);
        } else {
            // One stream per peer: this goes on when the one on the other connection has ended.
            waiting.addFirst(ping);
            open.finish();
        }
    }

    private void answered() {
        inFlight = null;
        next();
    }

    private void ended(PingStream which, @Nullable Throwable cause) {
        if (which != stream) {
            return;
        }
        stream = null;
        PendingPing ping = inFlight;
        inFlight = null;
        if (ping != null && !ping.result.isDone()) {
            if (cause == null && !ping.wasSentAgain) {
                ping.wasSentAgain = true;
                waiting.addFirst(ping);
            } else {
                ping.result.completeExceptionally(cause != null ? cause : endedTwice());
            }
        }
        next();
    }

    private static PingFailedException endedTwice() {
        return new PingFailedException(PingFailedException.Reason.CUT, "the peer ended two streams without an answer");
    }

    /** The stream on which pings are sent, opening or open. */
    private final class PingStream implements PingInitiator.Listener {
        final Connection connection;
        private final PingInitiator initiator;
        private final CompletableFuture<ProtocolStream> opening;

        PingStream(PendingPing first) {
            connection = first.connection;
            initiator = new PingInitiator(first.result, randomness, times.unusedStream(), this);
            opening = connection.openStream(Ping.ID, opened -> opened.pipeline().addLast(initiator));
            opening.whenComplete((opened, failure) -> {
                if (failure != null) {
                    ended(failure);
                }
            });
        }

        void send(PendingPing ping) {
            onEventLoop(() -> initiator.send(ping.result));
        }

        void finish() {
            onEventLoop(initiator::finish);
        }

        void reset() {
            if (!opening.cancel(false)) {
                opening.thenAccept(ProtocolStream::reset);
            }
        }

        private void onEventLoop(Runnable task) {
            try {
                connection.eventLoop().execute(task);
            } catch (RejectedExecutionException e) {
                // The host is closing, and its event loops have ended.
                ended(e);
            }
        }

        @Override
        public void answered() {
            context.execute(PeerPings.this::answered);
        }

        @Override
        public void ended(@Nullable Throwable cause) {
            context.execute(() -> PeerPings.this.ended(this, cause));
        }
    }
}
