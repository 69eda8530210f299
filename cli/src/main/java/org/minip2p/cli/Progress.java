package org.minip2p.cli;

/** The progress of a long task. Used by one thread; close it when the task has ended or failed. */
interface Progress extends AutoCloseable {
    /** Shows nothing. */
    Progress NONE = doneBytes -> {};

    /**
     * Shows the progress.
     *
     * @param doneBytes the bytes done so far
     */
    void update(long doneBytes);

    @Override
    default void close() {}
}
