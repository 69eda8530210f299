package org.minip2p.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** A peer in a process of its own; each line that it prints on stdout is a JSON object. See {@link ChildProcess}. Thread-safe. */
final class PeerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final ChildProcess<JsonLine> process;

    private PeerProcess(ChildProcess<JsonLine> process) {
        this.process = process;
    }

    /**
     * Starts a program.
     *
     * @param name its name in messages
     */
    static PeerProcess start(String name, Path program, List<String> arguments) {
        return start(name, program, arguments, line -> {});
    }

    /**
     * Starts a program.
     *
     * @param name its name in messages
     * @param observer receives each line that is a JSON object, at once, on the thread that reads it
     */
    static PeerProcess start(String name, Path program, List<String> arguments, Consumer<JsonLine> observer) {
        List<String> command = new ArrayList<>();
        command.add(program.toAbsolutePath().toString());
        command.addAll(arguments);
        try {
            return new PeerProcess(ChildProcess.start(name, command, Stderr.KEEP, JsonLine::parse, observer));
        } catch (IOException e) {
            throw new AssertionError(name + " did not start: " + command, e);
        }
    }

    /** Waits for the first line of a listener. */
    JsonLine awaitListening() {
        return awaitEvent("listening", START);
    }

    /**
     * Waits for the next event with this name.
     *
     * @param event its name
     */
    JsonLine awaitEvent(String event, Duration deadline) {
        return await("event " + event, line -> line.isEvent(event), deadline);
    }

    /** Waits for the next line that matches. */
    JsonLine await(String what, Predicate<JsonLine> matches, Duration deadline) {
        return process.await(what, matches, deadline);
    }

    /**
     * Waits for the end of a process that prints one result, and returns its last line.
     *
     * <p>The caller must check whether the result is good or bad.
     */
    JsonLine awaitResult(Duration deadline) {
        return process.awaitLastLine(deadline);
    }

    /** Waits for the end of the process; returns its exit code. */
    int awaitExit(Duration deadline) {
        return process.awaitExit(deadline);
    }

    /** Writes one line to the process. */
    void send(String command) {
        process.send(command);
    }

    ProcessHandle handle() {
        return process.handle();
    }

    /** The last lines of stdout and stderr. */
    String lastOutput() {
        return process.lastOutput();
    }

    /** Ends its stdin, which stops a peer; kills it, and what it started, when it has not stopped in time. */
    @Override
    public void close() {
        process.close();
    }
}
