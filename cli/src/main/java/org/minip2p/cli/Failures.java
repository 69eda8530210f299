package org.minip2p.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats failures in one line. */
final class Failures {
    private Failures() {}

    /** The actual failure, without the wrappers of futures. */
    static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** The message on one line; the type of failure if there is no message or it is not clear on its own. */
    static String text(Throwable failure) {
        Throwable inner = unwrapped(failure);
        @Nullable String message = inner.getMessage();
        if (message == null || message.isBlank()) {
            return inner.getClass().getSimpleName();
        }
        String line = oneLine(message);
        if (inner instanceof AccessDeniedException) {
            return "permission denied: " + line;
        }
        if (inner instanceof NoSuchFileException) {
            return "no such file or folder: " + line;
        }
        return line;
    }

    static String oneLine(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
