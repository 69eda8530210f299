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
 * Those who wait for one dial. They are told on the application's executor: what depends on their futures may block there. Confined to
 * the host's peer executor.
 */
final class DialCallers {
    private static final Logger LOG = LoggerFactory.getLogger(Events.LOGGER);

    private final Executor application;
    private final EventExecutor peerExecutor;
    private final Runnable abandoned;
    private final List<CompletableFuture<Connection>> callers = new ArrayList<>();

    /**
     * Nobody yet.
     *
     * @param abandoned run on the peer executor when the last of them has cancelled its future
     */
    DialCallers(Executor application, EventExecutor peerExecutor, Runnable abandoned) {
        this.application = application;
        this.peerExecutor = peerExecutor;
        this.abandoned = abandoned;
    }

    /** One more; a cancelled future leaves again. */
    void join(CompletableFuture<Connection> caller) {
        callers.add(caller);
        caller.whenComplete((connection, failure) -> {
            if (caller.isCancelled()) {
                peerExecutor.execute(() -> leave(caller));
            }
        });
    }

    private void leave(CompletableFuture<Connection> caller) {
        if (callers.removeIf(other -> other == caller) && callers.isEmpty()) {
            abandoned.run();
        }
    }

    void connected(Connection connection) {
        callers.forEach(caller -> complete(application, caller, connection));
    }

    void failed(Throwable cause) {
        callers.forEach(caller -> fail(application, caller, cause));
    }

    static void complete(Executor application, CompletableFuture<Connection> caller, Connection connection) {
        tell(application, () -> caller.complete(connection));
    }

    static void fail(Executor application, CompletableFuture<Connection> caller, Throwable cause) {
        tell(application, () -> caller.completeExceptionally(cause));
    }

    private static void tell(Executor application, Runnable completion) {
        try {
            application.execute(completion);
        } catch (Throwable e) { // the executor may be the application's
            LOG.debug("the application's executor takes no task, a dial is told elsewhere error={}", e.toString());
            completion.run();
        }
    }
}
