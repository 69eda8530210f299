package org.minip2p.host.connections;

import java.util.concurrent.atomic.AtomicBoolean;
import org.minip2p.host.Lease;
import org.minip2p.host.streams.Uses;

/** Holds a use until it is closed. Thread-safe. */
final class UseLease implements Lease {
    private final Uses uses;
    private final AtomicBoolean held = new AtomicBoolean(true);

    UseLease(Uses uses) {
        this.uses = uses;
    }

    @Override
    public void close() {
        if (held.compareAndSet(true, false)) {
            uses.release();
        }
    }
}
