package org.minip2p.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;

/** Opens connections for a given time, one after the other: each is dialed, used for one echo stream, and closed. */
final class ConnectionLoop {
    private final Host host;
    private final Multiaddr target;
    private final ProtocolId echo;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private long endNanos;
    private int closed;

    ConnectionLoop(Host host, Multiaddr target, ProtocolId echo) {
        this.host = host;
        this.target = target;
        this.echo = echo;
    }

    /** Runs once, for the given number of seconds; returns the number of connections. */
    int run(int seconds) {
        endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        next();
        return BenchHosts.done(result);
    }

    /** Dials the next connection. There is only one at a time, so each step sees the writes of the previous one. */
    private void next() {
        if (System.nanoTime() >= endNanos) {
            result.complete(closed);
            return;
        }
        host.dial(target, DialOptions.when(DialCondition.ALWAYS)).whenComplete((connection, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                StreamLoop.request(connection, echo, new Use(connection));
            }
        });
    }

    /** Closes a connection after its stream. */
    private final class Use implements StreamOutcome {
        private final Connection connection;

        Use(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void ended() {
            connection.close().whenComplete((cause, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else {
                    closed++;
                    next();
                }
            });
        }

        @Override
        public void failed(Throwable failure) {
            result.completeExceptionally(failure);
        }
    }
}
