package org.minip2p.benchmarks;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/**
 * Where the event loops of the two ends run. It decides the time of a round trip: waking a thread on another core costs more than all the
 * work for the bytes.
 */
public enum Placement {
    /** Wherever the system places them, nearly always on two cores. */
    FREE,
    /** Both on the first core; the compiler and the collector are not pinned. */
    ONE_CORE;

    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final String CORE = "0";
    private static final Duration WAIT = Duration.ofSeconds(10);

    /** Whether threads can be pinned here: on Linux, with {@code taskset}. */
    static boolean canPin() {
        try {
            return Files.isSymbolicLink(THIS_THREAD) && run("taskset", "--version") == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Pins the threads of these loops accordingly. */
    void place(EventLoop... loops) throws IOException, InterruptedException, ExecutionException {
        if (this == FREE) {
            return;
        }
        for (EventLoop loop : loops) {
            String thread = loop.submit(() ->
                            Files.readSymbolicLink(THIS_THREAD).getFileName().toString())
                    .get();
            if (run("taskset", "-pc", CORE, thread) != 0) {
                throw new IOException("taskset could not pin thread " + thread);
            }
        }
    }

    private static int run(String... command) throws IOException {
        try (ChildProcess<String> process = ChildProcess.start(command[0], List.of(command), Stderr.MERGE)) {
            return process.awaitExit(WAIT);
        }
    }
}
