package org.minip2p.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The command {@code listen --json}, which runs in this process until its standard input ends. */
final class Listening implements AutoCloseable {
    private static final long LIMIT_SECONDS = 15;

    private final PipedOutputStream input = new PipedOutputStream();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Map<String, @Nullable Object> first;

    private Listening(String... options) throws InterruptedException {
        List<String> args = new ArrayList<>(List.of("listen", "--json", "--until-stdin-eof"));
        args.addAll(List.of(options));
        Terminal terminal = new Terminal(
                reading(input),
                new PrintStream(new Lines(), true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false);
        Thread thread = new Thread(() -> exitCode.complete(Cli.run(terminal, args.toArray(String[]::new))), "listen");
        thread.setDaemon(true);
        thread.start();
        first = next();
    }

    static Listening with(String... options) throws InterruptedException {
        return new Listening(options);
    }

    private static PipedInputStream reading(PipedOutputStream out) {
        try {
            return new PipedInputStream(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line. */
    Map<String, @Nullable Object> first() {
        return first;
    }

    /** The first address of the first line. */
    String address() {
        return ((List<?>) Objects.requireNonNull(first.get("addresses"))).get(0).toString();
    }

    /** The next line. */
    Map<String, @Nullable Object> next() throws InterruptedException {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("expected a line within " + LIMIT_SECONDS + " s");
        }
        return Json.object(line);
    }

    /** The next line with this event; others before it are skipped. */
    Map<String, @Nullable Object> next(String event) throws InterruptedException {
        Predicate<@Nullable Object> wanted = event::equals;
        while (true) {
            Map<String, @Nullable Object> line = next();
            if (wanted.test(line.get("event"))) {
                return line;
            }
        }
    }

    /** Closes the command's standard input and returns its exit code. */
    int stop() throws InterruptedException {
        try {
            input.close();
            return exitCode.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("expected the command to end", e);
        }
    }

    @Override
    public void close() {
        try {
            int code = stop();
            if (code != 0) {
                throw new AssertionError("expected exit code 0, found " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before the command had ended", e);
        }
    }

    /** Splits the output into lines. */
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (b == '\n') {
                lines.add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }
}
