package org.minip2p.host.table;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.minip2p.host.CloseCause;
import org.minip2p.host.connections.EstablishedConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds connections that are dead although nobody has closed them. Used on the host's peer executor only. */
final class Probes {
    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
    private static final long ANSWER_MILLIS = 2_000;

    private final EventExecutor peerExecutor;

    Probes(EventExecutor peerExecutor) {
        this.peerExecutor = peerExecutor;
    }

    /** Closes those that do not answer a ping in time, then continues. */
    void run(List<EstablishedConnection> connections, Runnable then) {
        CompletableFuture<?>[] answers = connections.stream().map(this::probe).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(answers).whenCompleteAsync((all, failure) -> then.run(), peerExecutor);
    }

    private CompletableFuture<?> probe(EstablishedConnection connection) {
        CompletableFuture<Duration> answer = connection.ping();
        ScheduledFuture<?> deadline = peerExecutor.schedule(
                () -> answer.completeExceptionally(
                        new TimeoutException("no answer to a ping within " + ANSWER_MILLIS + " ms")),
                ANSWER_MILLIS,
                TimeUnit.MILLISECONDS);
        return answer.handleAsync(
                (roundTrip, failure) -> {
                    deadline.cancel(false);
                    if (failure != null) {
                        LOG.debug("connection={} does not answer, closing it", connection.id());
                        connection.closeNow(CloseCause.error(failure));
                    }
                    return null;
                },
                peerExecutor);
    }
}
