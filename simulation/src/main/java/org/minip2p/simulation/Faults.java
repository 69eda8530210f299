package org.minip2p.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** How what went wrong is written down. */
final class Faults {
    private Faults() {}

    /** An exception with its stack. */
    static String describe(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** The same behind a text, where there may be none. */
    static String describe(String what, @Nullable Throwable failure) {
        return failure == null ? what : what + " " + describe(failure);
    }
}
