package org.minip2p.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.minip2p.host.HostFigures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the figures of a host at intervals, in one line. If the figures are not available, this is logged as an error once, and the next
 * interval tries again.
 */
final class FiguresLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FiguresLog.class);

    private final Supplier<HostFigures> figures;
    private final Consumer<String> log;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "figures");
        thread.setDaemon(true);
        return thread;
    });

    /** Whether the last line failed. Confined to the timer. */
    private boolean isFailing;

    /**
     * Logs the first line after one interval.
     *
     * @param figures called each time
     * @param interval between two lines
     * @param log receives a line
     */
    FiguresLog(Supplier<HostFigures> figures, Duration interval, Consumer<String> log) {
        this.figures = figures;
        this.log = log;
        long millis = interval.toMillis();
        var unused = timer.scheduleAtFixedRate(this::say, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Throws nothing: otherwise the timer would end silently. */
    private void say() {
        try {
            log.accept(line(figures.get()));
            isFailing = false;
        } catch (Throwable e) {
            if (isFailing) {
                LOG.debug("the figures are still not available error={}", e.toString());
            } else {
                isFailing = true;
                LOG.error("the figures are not available; trying again at the next interval", e);
            }
        }
    }

    static String line(HostFigures figures) {
        HostFigures.Sockets sockets = figures.sockets();
        return "connections=" + (sockets.inbound() + sockets.outbound()) + " inbound=" + sockets.inbound()
                + " pending=" + (sockets.pendingInbound() + sockets.pendingOutbound())
                + " bytesRead=" + figures.traffic().bytesRead()
                + " bytesWritten=" + figures.traffic().bytesWritten()
                + " heldBytes=" + figures.memory().heldBytes()
                + " eventsWaiting=" + figures.queues().events();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
