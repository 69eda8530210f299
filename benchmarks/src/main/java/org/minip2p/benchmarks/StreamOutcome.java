package org.minip2p.benchmarks;

/** What becomes of a stream of {@link StreamLoop}; told on its event loop. */
interface StreamOutcome {
    /** It has ended as it should. */
    void ended();

    /** It has not. */
    void failed(Throwable failure);
}
