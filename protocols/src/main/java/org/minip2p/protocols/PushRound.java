package org.minip2p.protocols;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.minip2p.host.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one push to many peers, some at a time (IDN-28). Confined to the host's peer executor. */
final class PushRound {
    /** What go and js send at once (IDN-28). */
    static final int MAX_AT_ONCE = 32;

    private static final Logger LOG = LoggerFactory.getLogger(PushRound.class);

    private final EventExecutor executor;
    private final ArrayDeque<Connection> waiting;
    private final Function<Connection, CompletableFuture<Void>> sender;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int running;

    PushRound(EventExecutor executor, List<Connection> targets, Function<Connection, CompletableFuture<Void>> sender) {
        this.executor = executor;
        this.waiting = new ArrayDeque<>(targets);
        this.sender = sender;
    }

    /** Sends; completes when every peer has taken it or failed to. */
    CompletableFuture<Void> start() {
        next();
        return done;
    }

    private void next() {
        while (running < MAX_AT_ONCE && !waiting.isEmpty()) {
            Connection target = waiting.remove();
            running++;
            sender.apply(target).whenComplete((taken, failure) -> {
                if (failure != null) {
                    LOG.debug("connection={} push failed error={}", target.id(), failure.toString());
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
