package org.minip2p.protocols;

/** Receives the progress of a perf exchange. */
@FunctionalInterface
public interface PerfProgress {
    /** For callers that need only the result. */
    PerfProgress NONE = (uploaded, downloaded) -> {};

    /**
     * Called often, on the connection's event loop: it must be quick, and must not block.
     *
     * @param uploadedBytes the bytes written to the stream so far
     * @param downloadedBytes the bytes received so far
     */
    void moved(long uploadedBytes, long downloadedBytes);
}
