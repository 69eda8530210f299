package peer;

import io.libp2p.core.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Opens echo streams for a given time. Confined to the connection's event loop, but for {@link #run}. */
final class StreamLoop implements Outcome {
    private final Connection connection;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private long endNanos;
    private int running;
    private int ended;

    StreamLoop(Connection connection) {
        this.connection = connection;
    }

    /** Runs once, for the given number of seconds; returns the number of streams. */
    int run(int atOnce, int seconds) {
        Hosts.channel(connection).eventLoop().execute(() -> {
            endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (int i = 0; i < atOnce; i++) {
                next();
            }
        });
        return result.join();
    }

    private void next() {
        running++;
        Request.send(connection, this);
    }

    @Override
    public void ended() {
        running--;
        ended++;
        if (System.nanoTime() < endNanos) {
            next();
        } else if (running == 0) {
            result.complete(ended);
        }
    }

    @Override
    public void failed(Throwable failure) {
        result.completeExceptionally(failure);
    }
}
