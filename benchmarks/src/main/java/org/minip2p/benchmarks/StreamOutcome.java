package org.minip2p.benchmarks;

/** Receives the result of a stream of {@link StreamLoop}, on its event loop. */
interface StreamOutcome {
    /** The stream has ended as expected. */
    void ended();

    /** The stream has failed. */
    void failed(Throwable failure);
}
