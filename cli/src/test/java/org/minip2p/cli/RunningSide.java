package org.minip2p.cli;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One side of a public test, which runs on a thread of its own in this process. Closing it interrupts the thread. */
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

    /** Whether it is still running after this time, which must not be 0. */
    boolean outlives(long seconds) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(seconds));
        return thread.isAlive();
    }

    /** Waits until it ends by itself, and returns the result. */
    Run ended() {
        return ended.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Interrupts it, and returns the result. */
    Run stop() {
        thread.interrupt();
        return ended();
    }

    @Override
    public void close() {
        stop();
    }
}
