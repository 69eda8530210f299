package org.minip2p.host.table;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.events.Events;
import org.minip2p.host.threads.HostThreads;

/**
 * Reacts to a listener that does not return: closes the connections of the event's peer, and replaces the blocked application
 * thread. Other peers are not affected.
 */
public final class CutOff implements Events.StuckListener {
    private final HostThreads threads;
    private final ConnectionTable table;

    /**
     * For one host.
     *
     * @param threads replaces the blocked thread
     * @param table closes the connections
     */
    public CutOff(HostThreads threads, ConnectionTable table) {
        this.threads = threads;
        this.table = table;
    }

    @Override
    public void stuck(@Nullable PeerId peer) {
        threads.threadLost();
        if (peer != null) {
            table.closeStuck(peer);
        }
    }

    @Override
    public void returned(@Nullable PeerId peer) {
        threads.threadReturned();
    }
}
