package org.minip2p.protocols;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one push to many peers, a few at a time (IDN-28). Confined to the protocol context.
 *
 * @param <T> how a peer is reached: a connection
 */
final class PushRound<T> {
    /** The concurrency of go and js (IDN-28). */
    static final int MAX_AT_ONCE = 32;

    private static final Logger LOG = LoggerFactory.getLogger(PushRound.class);

    private final Executor executor;
    private final ArrayDeque<T> waiting;
    private final Function<T, CompletableFuture<Void>> sender;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int running;

    PushRound(Executor executor, List<T> targets, Function<T, CompletableFuture<Void>> sender) {
        this.executor = executor;
        this.waiting = new ArrayDeque<>(targets);
        this.sender = sender;
    }

    /** Sends; completes when every peer has accepted it or failed. */
    CompletableFuture<Void> start() {
        next();
        return done;
    }

    private void next() {
        while (running < MAX_AT_ONCE && !waiting.isEmpty()) {
            T target = waiting.remove();
            running++;
            sender.apply(target).whenComplete((taken, failure) -> {
                if (failure != null) {
                    LOG.debug("target={} push failed error={}", target, failure.toString());
                }
                executor.execute(this::ended);
            });
        }
        if (running == 0) {
            done.complete(null);
        }
    }

    private void ended() {
        running--;
        next();
    }
}
