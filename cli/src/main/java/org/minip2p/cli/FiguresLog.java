package org.minip2p.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.minip2p.host.HostFigures;

/** Says at intervals what a host has, in one line. */
final class FiguresLog implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "figures");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Says the first line when one interval is over.
     *
     * @param figures asked each time
     * @param interval between two lines
     * @param log takes a line
     */
    FiguresLog(Supplier<HostFigures> figures, Duration interval, Consumer<String> log) {
        long millis = interval.toMillis();
        var unused =
                timer.scheduleAtFixedRate(() -> log.accept(line(figures.get())), millis, millis, TimeUnit.MILLISECONDS);
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
