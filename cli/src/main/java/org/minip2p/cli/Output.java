package org.minip2p.cli;

import org.jspecify.annotations.Nullable;

/** The output of a command. Thread-safe. */
interface Output {
    /** Reports an event while the command runs. */
    void event(String name, Report report);

    /** Reports success; always the last output. */
    void result(Report report);

    /** Prints text that is only for people. */
    void text(String line);

    /**
     * Reports why the command failed; always the last output.
     *
     * @param message what was expected and what came, in one line
     * @param reason the kind of failure, if it is a known one
     */
    void failure(String message, @Nullable String reason);

    /**
     * Begins to show the progress of a long task.
     *
     * @param label the name of the task
     * @param totalBytes the total size of the task, in bytes
     */
    Progress progress(String label, long totalBytes);
}
