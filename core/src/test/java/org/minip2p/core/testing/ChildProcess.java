package org.minip2p.core.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program in its own process, whose output is read line by line.
 *
 * <p>Threads of this class read the output, so the process never blocks on it. Every wait has a deadline. A wait that
 * fails throws {@link Failure}, whose message shows the last lines of output. {@link #close} ends the process and all
 * processes that it started. Thread-safe.
 *
 * @param <T> the type of a line that was read from stdout
 */
public final class ChildProcess<T> implements AutoCloseable {
    /** How the process's stderr is handled. */
    public enum Stderr {
        /** Its last lines are kept, and the message of a failure shows them. */
        KEEP,
        /** Its lines are read as if they had been printed on stdout. */
        MERGE,
        /** It goes to the stderr of this process. */
        INHERIT,
        /** It is thrown away. */
        DISCARD
    }

    /**
     * Reads a line.
     *
     * @param <T> the type of a line that was read
     */
    @FunctionalInterface
    public interface LineReader<T> {
        /**
         * Reads a line.
         *
         * @throws IOException when the line is of another kind; it is skipped then, and only the last output shows it
         */
        T read(String line) throws IOException;
    }

    /** The process did not do what a caller waited for. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static final int OUTPUT_LINES = 50;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration KILL = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Writer commands;
    private final LineReader<? extends T> reader;
    private final Consumer<? super T> observer;
    private final List<Thread> threads = new ArrayList<>();

    private final Object lock = new Object();
    private final Deque<T> unread = new ArrayDeque<>(); // guarded by lock
    private final Deque<String> output = new ArrayDeque<>(); // guarded by lock
    private int openStreams; // guarded by lock

    private ChildProcess(
            String name, Process process, Stderr stderr, LineReader<? extends T> reader, Consumer<? super T> observer) {
        this.name = name;
        this.process = process;
        this.reader = reader;
        this.observer = observer;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.openStreams = stderr == Stderr.KEEP ? 2 : 1;
        startThread("stdout", process.getInputStream(), this::accept);
        if (stderr == Stderr.KEEP) {
            startThread("stderr", process.getErrorStream(), this::keep);
        }
    }

    /**
     * Starts a program whose lines are read as text.
     *
     * @param name what messages call it
     * @param command the program and its arguments
     * @throws IOException when it cannot be started
     */
    public static ChildProcess<String> start(String name, List<String> command, Stderr stderr) throws IOException {
        return start(name, command, stderr, line -> line, line -> {});
    }

    /**
     * Starts a program.
     *
     * @param name what messages call it
     * @param command the program and its arguments
     * @param reader reads each line on stdout
     * @param observer receives each line that could be read, immediately, on the thread that reads it
     * @throws IOException when it cannot be started
     */
    public static <T> ChildProcess<T> start(
            String name,
            List<String> command,
            Stderr stderr,
            LineReader<? extends T> reader,
            Consumer<? super T> observer)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        switch (stderr) {
            case KEEP -> builder.redirectError(ProcessBuilder.Redirect.PIPE);
            case MERGE -> builder.redirectErrorStream(true);
            case INHERIT -> builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            case DISCARD -> builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        return new ChildProcess<>(name, builder.start(), stderr, reader, observer);
    }

    /**
     * Takes the first line that matches and was not taken before, and waits for it if necessary.
     *
     * @param what the name of what the caller waits for, for the message of a failure
     */
    public T await(String what, Predicate<? super T> matches, Duration deadline) {
        return await(what, deadline, () -> {
            for (Iterator<T> lines = unread.iterator(); lines.hasNext(); ) {
                T line = lines.next();
                if (matches.test(line)) {
                    lines.remove();
                    return line;
                }
            }
            return endedWithout(what);
        });
    }

    /** Takes the next line, and waits for it if necessary. */
    public T awaitLine(Duration deadline) {
        return await("line", line -> true, deadline);
    }

    /** Takes the next line, and waits for it if necessary; empty at the end of the output. */
    public Optional<T> nextLine(Duration deadline) {
        return await("line", deadline, () -> {
            T line = unread.pollFirst();
            if (line != null) {
                return Optional.of(line);
            }
            return openStreams == 0 ? Optional.empty() : null;
        });
    }

    /** Waits for the end of the output, and takes its last line. */
    public T awaitLastLine(Duration deadline) {
        return await("result", deadline, () -> {
            T last = openStreams == 0 ? unread.pollLast() : null;
            return last == null ? endedWithout("result") : last;
        });
    }

    /** Waits for the end of the process and returns its exit code. */
    public int awaitExit(Duration deadline) {
        try {
            if (process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            throw interrupted("the end", e);
        }
        throw failure("has not ended within " + deadline.toMillis() + " ms");
    }

    /**
     * The result for a line that is not available: null if it may still come; throws at the end of the output. Called
     * under the lock.
     */
    private @Nullable T endedWithout(String what) {
        if (openStreams == 0) {
            throw failure("ended without " + what);
        }
        return null;
    }

    /**
     * Waits until a result is available.
     *
     * @param take returns the result, or null if it is not available yet; called under the lock, after every line and
     *     at the end
     */
    private <R> R await(String what, Duration deadline, Supplier<@Nullable R> take) {
        long end = System.nanoTime() + deadline.toNanos();
        synchronized (lock) {
            while (true) {
                R taken = take.get();
                if (taken != null) {
                    return taken;
                }
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis <= 0) {
                    throw failure("gave no " + what + " within " + deadline.toMillis() + " ms");
                }
                try {
                    lock.wait(millis);
                } catch (InterruptedException e) {
                    throw interrupted(what, e);
                }
            }
        }
    }

    /** Writes a line to the process's stdin. */
    public void send(String line) {
        synchronized (commands) {
            try {
                commands.write(line + "\n");
                commands.flush();
            } catch (IOException e) {
                throw failure("does not take the line " + line + ": " + e.getMessage());
            }
        }
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** The last lines of stdout, and of stderr where that is kept. */
    public String lastOutput() {
        synchronized (lock) {
            return String.join("\n", output);
        }
    }

    /**
     * Closes the process's stdin, which stops a program that reads it to the end. Kills the process, and all processes
     * that it started, if it does not stop in time.
     */
    @Override
    public void close() {
        List<ProcessHandle> tree = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        try {
            endStdin();
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                tree.forEach(ProcessHandle::destroyForcibly);
                if (!process.waitFor(KILL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw failure("lives " + KILL + " after it was killed");
                }
            }
            for (Thread thread : threads) {
                thread.join(KILL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tree.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void endStdin() {
        try {
            commands.close();
        } catch (IOException e) {
            // The process is gone already.
        }
    }

    private Failure failure(String what) {
        return new Failure(name + " " + what + ". Its last output:\n" + lastOutput(), null);
    }

    private Failure interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new Failure("interrupted while waiting for " + what + " of " + name, cause);
    }

    private void startThread(String stream, InputStream in, Consumer<String> lines) {
        Thread thread = new Thread(() -> readLines(in, lines), name + " " + stream);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void readLines(InputStream in, Consumer<String> lines) {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The process was killed while we read. This is the end of its output, too.
        } finally {
            synchronized (lock) {
                openStreams--;
                lock.notifyAll();
            }
        }
    }

    private void accept(String text) {
        keep(text);
        try {
            T line = reader.read(text);
            observer.accept(line);
            synchronized (lock) {
                unread.add(line);
                lock.notifyAll();
            }
        } catch (IOException e) {
            keep("(cannot be read: " + e.getMessage() + ")");
        }
    }

    private void keep(String line) {
        synchronized (lock) {
            output.addLast(line);
            if (output.size() > OUTPUT_LINES) {
                output.removeFirst();
            }
        }
    }
}
