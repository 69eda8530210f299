package org.minip2p.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that ran in this process.
 *
 * @param exitCode what the process would have ended with
 * @param out the lines on standard output
 * @param err the lines on standard error
 */
record Run(int exitCode, List<String> out, List<String> err) {
    static Run of(String... args) {
        return in(System.getenv(), args);
    }

    /** With these environment variables. */
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

    /** The last line on standard output, as an object. */
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
