package org.minip2p.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that prints a JSON object a line. A thread reads them, so it never waits for us; its stderr is thrown away. {@link #close} ends its
 * stdin, which stops our listener and the peers', and kills what has not stopped then.
 */
final class Program implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final String END = "";

    private final List<String> command;
    private final Process process;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(10_000);

    private Program(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        Thread reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Program start(List<String> command) throws IOException {
        return start(command, Redirect.DISCARD);
    }

    /**
     * Starts a process.
     *
     * @param errors where its stderr goes
     */
    static Program start(List<String> command, Redirect errors) throws IOException {
        return new Program(
                command, new ProcessBuilder(command).redirectError(errors).start());
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isEmpty()) {
                    lines.put(line);
                }
            }
        } catch (IOException e) {
            // Killed: the end of its output all the same.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lines.offer(END);
        }
    }

    /**
     * The next line that it prints.
     *
     * @return null when there is none any more
     * @throws IOException when there is none within the limit
     */
    @Nullable String nextLine(Duration limit) throws IOException, InterruptedException {
        String line = lines.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw new IOException("nothing within " + limit.toSeconds() + " s of " + command);
        }
        return line.equals(END) ? null : line;
    }

    /** The last line of a program that ends by itself; null when it prints none. */
    @Nullable String lastLine(Duration limit) throws IOException, InterruptedException {
        String last = null;
        for (String line; (line = nextLine(limit)) != null; ) {
            last = line;
        }
        return last;
    }

    /** How it has ended; to be asked when it has printed its last line. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // It has gone already.
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * A member of a JSON object, or the first element of one that is an array.
     *
     * @return its text; null when there is none
     */
    static @Nullable String member(String json, String name) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String found = parser.currentName();
                JsonToken value = parser.nextToken();
                if (found.equals(name)) {
                    if (value == JsonToken.START_ARRAY) {
                        value = parser.nextToken();
                    }
                    return value == JsonToken.VALUE_NULL || value == JsonToken.END_ARRAY ? null : parser.getText();
                }
                parser.skipChildren();
            }
            return null;
        }
    }
}
