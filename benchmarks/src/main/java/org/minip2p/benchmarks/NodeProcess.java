package org.minip2p.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** A {@link BenchNode} in a process of its own, on the same Java with the same options and class path as this one. Not thread-safe. */
final class NodeProcess implements AutoCloseable {
    /** Longer than any answer takes, such as that to thousands of dials, or to a collection of a heap with as many connections. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private final ChildProcess<String> process;
    private final String address;
    private final int barePort;

    private NodeProcess(ChildProcess<String> process) {
        this.process = process;
        this.address = process.awaitLine(ANSWER);
        this.barePort = Integer.parseInt(process.awaitLine(ANSWER));
    }

    /**
     * Starts a node, and waits until it listens.
     *
     * @param more options for Java in addition to those of this process
     */
    static NodeProcess start(String... more) throws IOException {
        List<String> command = Settings.command(BenchNode.class, List.of(more), List.of());
        ChildProcess<String> process = ChildProcess.start("the benchmark's node", command, Stderr.INHERIT);
        try {
            return new NodeProcess(process);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** Its address, with its peer id. */
    String address() {
        return address;
    }

    /** The loopback port of its bare sockets, which echo. */
    int barePort() {
        return barePort;
    }

    /** Sends it a line, and waits for its answer. */
    String ask(String line) {
        process.send(line);
        return process.awaitLine(ANSWER);
    }

    /** Ends it. */
    @Override
    public void close() {
        process.close();
    }
}
