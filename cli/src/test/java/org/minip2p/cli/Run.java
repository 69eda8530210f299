package org.minip2p.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a command that ran in this process.
 *
 * @param exitCode the exit code that the process would have had
 * @param out the lines on standard output
 * @param err the lines on standard error
 */
record Run(int exitCode, List<String> out, List<String> err) {
    static Run of(String... args) {
        return in(System.getenv(), args);
    }

    /** Runs a command with these environment variables. */
    static Run in(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(InputStream.nullInputStream(), print(out), print(err), false);
        int exitCode = Cli.run(terminal, environment, args);
        return new Run(exitCode, lines(out), lines(err));
    }

    /** The last line on standard output. */
    String lastLine() {
        return out.get(out.size() - 1);
    }

    /** The last line on standard output, read as a JSON object. */
    Map<String, @Nullable Object> result() {
        return Json.object(lastLine());
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
