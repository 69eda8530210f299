package org.minip2p.cli;

/** How far a long task has come. Used by one thread; to be closed when the task has ended, well or not. */
interface Progress extends AutoCloseable {
    /** Shows nothing. */
    Progress NONE = doneBytes -> {};

    /**
     * Shows where the task stands.
     *
     * @param doneBytes how much has been done so far, in bytes
     */
    void update(long doneBytes);

    @Override
    default void close() {}
}
