package org.minip2p.protocols;

/** Is told how far a perf exchange has come. */
@FunctionalInterface
public interface PerfProgress {
    /** For those who want to know the result alone. */
    PerfProgress NONE = (uploaded, downloaded) -> {};

    /**
     * Called on the connection's event loop, often: it must be quick, and not block.
     *
     * @param uploadedBytes given to the stream up to now
     * @param downloadedBytes received up to now
     */
    void moved(long uploadedBytes, long downloadedBytes);
}
