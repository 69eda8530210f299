package org.minip2p.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lines that one class logs at ERROR while this is open, without stack traces. */
final class ErrorLines implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final String name;

    ErrorLines(Class<?> logging) {
        name = logging.getSimpleName();
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    List<String> lines() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("ERROR ") && line.contains(name + " - "))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
