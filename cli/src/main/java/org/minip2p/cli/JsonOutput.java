package org.minip2p.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For programs: one JSON object per line on standard output, the result last; errors also on standard error. */
final class JsonOutput implements Output {
    private final Terminal terminal;

    JsonOutput(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void event(String name, Report report) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("event", name);
        line.putAll(report.values());
        print(line);
    }

    @Override
    public void result(Report report) {
        print(report.values());
    }

    @Override
    public void text(String line) {
        // Only for people.
    }

    @Override
    public synchronized void failure(String message, @Nullable String reason) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("ok", false);
        if (reason != null) {
            line.put("reason", reason);
        }
        line.put("error", message);
        print(line);
        HumanOutput.printError(terminal, message);
    }

    @Override
    public Progress progress(String label, long totalBytes) {
        return Progress.NONE;
    }

    private synchronized void print(Map<String, @Nullable Object> line) {
        terminal.out().println(JsonLine.of(line));
    }
}
