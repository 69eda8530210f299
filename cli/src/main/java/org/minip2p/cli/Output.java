package org.minip2p.cli;

import org.jspecify.annotations.Nullable;

/** How a command speaks to its user. Thread-safe. */
interface Output {
    /** Says what happened while the command goes on. */
    void event(String name, Report report);

    /** Says how the command ended well; the last that it says. */
    void result(Report report);

    /** Says something that is for people alone. */
    void text(String line);

    /**
     * Says why the command failed; the last that it says.
     *
     * @param message what was expected and what came, in one line
     * @param reason the kind of failure, if it is a known one
     */
    void failure(String message, @Nullable String reason);

    /**
     * Begins to show how far a long task has come.
     *
     * @param label what is being done
     * @param totalBytes how much there is to do, in bytes
     */
    Progress progress(String label, long totalBytes);
}
