package org.minip2p.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops a serving command: on SIGTERM, SIGINT or the end of standard input. The process then ends with the command's own exit code,
 * whereas Java would use 128 plus the signal's number.
 *
 * <p>Java runs a shutdown hook on a signal. It releases the command's thread, waits until the command is done, and then ends the
 * process at once. Thread-safe.
 */
final class StopSignal implements AutoCloseable {
    /** Longer than a host needs to close its connections cleanly. */
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private static final int INCOMPLETE = 1;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::endProcess, "minip2p-stop");
    private volatile int exitCode = INCOMPLETE;

    private StopSignal() {}

    /** Begins to listen for signals. */
    static StopSignal ofProcess() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Also stops at the end of this input. */
    void watch(InputStream in) {
        Thread reader = new Thread(() -> readToEnd(in), "minip2p-stdin");
        reader.setDaemon(true);
        reader.start();
    }

    private void readToEnd(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // An unreadable input has ended.
        }
        stop();
    }

    /** Stops. */
    void stop() {
        stopped.countDown();
    }

    /** Waits until the command should stop. */
    void await() throws InterruptedException {
        stopped.await();
    }

    /** Waits until the command should stop, at most this long; false at the time limit. */
    boolean await(Duration limit) throws InterruptedException {
        return stopped.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sets the exit code of the process, when everything is closed. */
    void finished(int code) {
        exitCode = code;
    }

    private void endProcess() {
        stop();
        try {
            if (!finished.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
                exitCode = INCOMPLETE;
            }
        } catch (InterruptedException e) {
            exitCode = INCOMPLETE;
        }
        Runtime.getRuntime().halt(exitCode);
    }

    /** Allows the process to end. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running: it ends the process.
        }
    }
}
