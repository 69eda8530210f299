package org.minip2p.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Formats failures for a report. */
final class Faults {
    private Faults() {}

    /** Describes an exception, with its stack trace. */
    static String describe(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** Describes an exception after a text; the exception may be null. */
    static String describe(String what, @Nullable Throwable failure) {
        return failure == null ? what : what + " " + describe(failure);
    }
}
