package org.minip2p.host.dialing;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.minip2p.host.Connection;
import org.minip2p.host.events.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callers that wait for one dial. Each is called on its own executor, the application on the application's executor, where
 * dependent stages may block. Confined to the host's peer executor.
 */
final class DialCallers {
    private static final Logger LOG = LoggerFactory.getLogger(Events.LOGGER);

    private final EventExecutor peerExecutor;
    private final Runnable abandoned;
    private final List<Caller> callers = new ArrayList<>();

    /**
     * Creates an empty list.
     *
     * @param abandoned runs on the peer executor when the last caller has cancelled its future
     */
    DialCallers(EventExecutor peerExecutor, Runnable abandoned) {
        this.peerExecutor = peerExecutor;
        this.abandoned = abandoned;
    }

    /**
     * A caller that wants a connection.
     *
     * @param result its future
     * @param executor where the future completes
     */
    record Caller(CompletableFuture<Connection> result, Executor executor) {
        void connected(Connection connection) {
            tell(() -> result.complete(connection));
        }

        void failed(Throwable cause) {
            tell(() -> result.completeExceptionally(cause));
        }

        private void tell(Runnable completion) {
            try {
                executor.execute(completion);
            } catch (Throwable e) { // the executor may be the application's
                LOG.debug(
                        "the application's executor rejected a task, completing a dial on another thread error={}",
                        e.toString());
                completion.run();
            }
        }
    }

    /** Adds a caller; it is removed when its future is cancelled. */
    void join(Caller caller) {
        callers.add(caller);
        caller.result.whenComplete((connection, failure) -> {
            if (caller.result.isCancelled()) {
                peerExecutor.execute(() -> leave(caller));
            }
        });
    }

    private void leave(Caller caller) {
        if (callers.removeIf(other -> other.result == caller.result) && callers.isEmpty()) {
            abandoned.run();
        }
    }

    void connected(Connection connection) {
        callers.forEach(caller -> caller.connected(connection));
    }

    void failed(Throwable cause) {
        callers.forEach(caller -> caller.failed(cause));
    }
}
