package org.minip2p.cli;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** For people: tables on standard output, errors and progress bars on standard error. */
final class HumanOutput implements Output {
    private final Terminal terminal;

    HumanOutput(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints one line on standard error: why the command failed. */
    static void printError(Terminal terminal, String message) {
        terminal.err().println("minip2p: " + message);
    }

    @Override
    public synchronized void event(String name, Report report) {
        if (report.lines().isEmpty() && !report.values().isEmpty()) {
            return; // Only for programs.
        }
        String details = report.lines().stream()
                .map(line -> line.label().isEmpty() ? line.text() : line.label() + " " + line.text())
                .collect(Collectors.joining(", "));
        terminal.out().println(String.format("%-13s %s", name, details).stripTrailing());
    }

    @Override
    public synchronized void result(Report report) {
        int width = report.lines().stream()
                .mapToInt(line -> line.label().length())
                .max()
                .orElse(0);
        for (Report.Line line : report.lines()) {
            String label = line.label() + " ".repeat(width - line.label().length());
            terminal.out().println((label + "  " + line.text()).strip());
        }
    }

    @Override
    public synchronized void text(String line) {
        terminal.out().println(line);
    }

    @Override
    public synchronized void failure(String message, @Nullable String reason) {
        printError(terminal, message);
    }

    @Override
    public Progress progress(String label, long totalBytes) {
        return terminal.interactive() ? new ProgressBar(terminal.err(), label, totalBytes) : Progress.NONE;
    }
}
