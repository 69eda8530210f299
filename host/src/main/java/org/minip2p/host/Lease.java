package org.minip2p.host;

/**
 * Keeps a connection from being closed as idle or superfluous, for as long as it is not closed itself. Thread-safe; closing it twice
 * does no harm.
 */
public interface Lease extends AutoCloseable {
    /** Ends the use of the connection. */
    @Override
    void close();
}
