package org.minip2p.host;

/**
 * Until it is closed, its connection is not closed as idle or superfluous. Thread-safe; closing it twice has no effect.
 */
public interface Lease extends AutoCloseable {
    /** Ends the use of the connection. */
    @Override
    void close();
}
