package org.minip2p.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The input and output of a command, which tests can replace.
 *
 * @param in standard input
 * @param out results
 * @param err errors, progress and logs
 * @param interactive whether {@code err} is a terminal on which a progress bar can be drawn
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
    /** Set by the start script, which can check the terminal. */
    private static final String INTERACTIVE_PROPERTY = "minip2p.interactive";

    /** The streams of this process, in UTF-8 for any locale, since JSON is UTF-8. */
    static Terminal ofProcess() {
        return new Terminal(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                Boolean.getBoolean(INTERACTIVE_PROPERTY));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
