package org.minip2p.host;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a connection from being closed as idle or superfluous, for as long as it is not closed itself. Thread-safe; closing it twice
 * does no harm.
 */
public final class Lease implements AutoCloseable {
    private final Connection connection;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Lease(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void close() {
        if (held.compareAndSet(true, false)) {
            connection.uses().release();
        }
    }
}
