package org.minip2p.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A peer in a process of its own.
 *
 * <p>Each line that it prints on stdout is a JSON object; two threads read stdout and stderr, so the process never waits for us. Every wait
 * has a deadline, and its failure shows the last lines of output. {@link #close} ends the process and all that it started.
 * Thread-safe.
 */
final class PeerProcess implements AutoCloseable {

    private static final int OUTPUT_LINES = 50;
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration KILL = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Writer commands;
    private final List<Thread> readers;
    private final Consumer<JsonLine> observer;

    private final Object lock = new Object();
    private final List<JsonLine> unread = new ArrayList<>(); // guarded by lock
    private final Deque<String> output = new ArrayDeque<>(); // guarded by lock
    private int openStreams = 2; // stdout and stderr; guarded by lock

    private PeerProcess(String name, Process process, Consumer<JsonLine> observer) {
        this.name = name;
        this.observer = observer;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.readers = List.of(
                reader("stdout", process.getInputStream(), true), reader("stderr", process.getErrorStream(), false));
    }

    /**
     * Starts a program.
     *
     * @param name what messages call it
     */
    static PeerProcess start(String name, Path program, List<String> arguments) {
        return start(name, program, arguments, line -> {});
    }

    /**
     * Starts a program.
     *
     * @param name what messages call it
     * @param observer sees each line that is a JSON object, at once, on the thread that reads it
     */
    static PeerProcess start(String name, Path program, List<String> arguments, Consumer<JsonLine> observer) {
        List<String> command = new ArrayList<>();
        command.add(program.toAbsolutePath().toString());
        command.addAll(arguments);
        try {
            return new PeerProcess(name, new ProcessBuilder(command).start(), observer);
        } catch (IOException e) {
            throw new AssertionError(name + " does not start: " + command, e);
        }
    }

    /** Waits for the first line of a listener. */
    JsonLine awaitListening() {
        return awaitEvent("listening", START);
    }

    /**
     * Takes the first event of that name that was not taken before, and waits for it if need be.
     *
     * @param event its name
     */
    JsonLine awaitEvent(String event, Duration deadline) {
        return await("event " + event, line -> line.isEvent(event), deadline);
    }

    /** Takes the first line that matches and was not taken before, and waits for it if need be. */
    JsonLine await(String what, Predicate<JsonLine> matches, Duration deadline) {
        return awaitLine(what, deadline, () -> {
            for (Iterator<JsonLine> lines = unread.iterator(); lines.hasNext(); ) {
                JsonLine line = lines.next();
                if (matches.test(line)) {
                    lines.remove();
                    return line;
                }
            }
            return null;
        });
    }

    /**
     * Waits for the end of a process that gives one result, and takes its last line.
     *
     * <p>Whether the result is good or bad is for the caller to look at.
     */
    JsonLine awaitResult(Duration deadline) {
        return awaitLine(
                "result",
                deadline,
                () -> openStreams == 0 && !unread.isEmpty() ? unread.remove(unread.size() - 1) : null);
    }

    /**
     * Waits until a line is there.
     *
     * @param take takes it if it is there; called under the lock
     */
    private JsonLine awaitLine(String what, Duration deadline, Supplier<@Nullable JsonLine> take) {
        long end = System.nanoTime() + deadline.toNanos();
        synchronized (lock) {
            while (true) {
                JsonLine line = take.get();
                if (line != null) {
                    return line;
                }
                if (openStreams == 0) {
                    throw failure("ended without " + what);
                }
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis <= 0) {
                    throw failure("gave no " + what + " within " + deadline.toMillis() + " ms");
                }
                try {
                    lock.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted while waiting for " + what, e);
                }
            }
        }
    }

    /** Writes one line to the process. */
    void send(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw failure("does not take the command " + command + ": " + e.getMessage());
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The last lines of stdout and stderr. */
    String lastOutput() {
        synchronized (lock) {
            return String.join("\n", output);
        }
    }

    /** Ends its stdin, which stops a peer; kills it, and what it started, when it has not stopped in time. */
    @Override
    public void close() {
        List<ProcessHandle> tree = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        try {
            try {
                commands.close();
            } catch (IOException e) {
                // The process has gone already.
            }
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                tree.forEach(ProcessHandle::destroyForcibly);
                if (!process.waitFor(KILL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw failure("lives " + KILL + " after it was killed");
                }
            }
            for (Thread reader : readers) {
                reader.join(KILL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tree.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(name + " " + what + ". Its last output:\n" + lastOutput());
    }

    private Thread reader(String stream, InputStream in, boolean isJson) {
        Thread thread = new Thread(() -> readLines(in, isJson), name + " " + stream);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readLines(InputStream in, boolean isJson) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                accept(line, isJson);
            }
        } catch (IOException e) {
            // The process was killed while we read: the end of its output all the same.
        } finally {
            synchronized (lock) {
                openStreams--;
                lock.notifyAll();
            }
        }
    }

    private void accept(String line, boolean isJson) {
        synchronized (lock) {
            output.addLast(line);
            if (output.size() > OUTPUT_LINES) {
                output.removeFirst();
            }
            if (isJson) {
                try {
                    JsonLine parsed = JsonLine.parse(line);
                    observer.accept(parsed);
                    unread.add(parsed);
                    lock.notifyAll();
                } catch (IOException e) {
                    output.addLast("(this line is not a JSON object)");
                }
            }
        }
    }
}
