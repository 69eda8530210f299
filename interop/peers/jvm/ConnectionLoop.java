package peer;

import io.libp2p.core.Connection;
import io.libp2p.core.Host;
import io.libp2p.core.multiformats.Multiaddr;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Opens connections for a given time, one after the other: each is dialed, used for one echo stream, and closed. */
final class ConnectionLoop {
    private final Host host;
    private final Multiaddr target;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private long endNanos;
    private int closed;

    ConnectionLoop(Host host, Multiaddr target) {
        this.host = host;
        this.target = target;
    }

    /** Runs once, for the given number of seconds; returns the number of connections. */
    int run(int seconds) {
        endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        next();
        return result.join();
    }

    /** Dials the next connection. There is only one at a time, so each step sees the writes of the previous one. */
    private void next() {
        if (System.nanoTime() >= endNanos) {
            result.complete(closed);
            return;
        }
        Hosts.dial(host, target).whenComplete((connection, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                Request.send(connection, new Use(connection));
            }
        });
    }

    /** Closes a connection after its stream. */
    private final class Use implements Outcome {
        private final Connection connection;

        Use(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void ended() {
            connection.close().whenComplete((nothing, failure) -> {
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
