package org.minip2p.cli;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One side of a public test that runs in this process, beside the test; closing it interrupts it. */
final class RunningSide implements AutoCloseable {
    private static final long LIMIT_SECONDS = 15;

    private final CompletableFuture<Run> ended = new CompletableFuture<>();
    private final Thread thread;

    RunningSide(Map<String, String> environment, String... args) {
        thread = new Thread(() -> ended.complete(Run.in(environment, args)), "side");
        thread.setDaemon(true);
        thread.start();
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Whether it is still running after so long, more than no time. */
    boolean outlives(long seconds) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(seconds));
        return thread.isAlive();
    }

    /** How it ended by itself. */
    Run ended() {
        return ended.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** How it ended when it was interrupted. */
    Run stop() {
        thread.interrupt();
        return ended();
    }

    @Override
    public void close() {
        stop();
    }
}
