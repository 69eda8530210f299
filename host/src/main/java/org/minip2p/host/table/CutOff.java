package org.minip2p.host.table;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.events.Events;
import org.minip2p.host.threads.HostThreads;

/**
 * What a listener that does not return costs: the peer of its event loses its connections, and the application one thread, for which
 * another one comes. All other peers go on.
 */
public final class CutOff implements Events.StuckListener {
    private final HostThreads threads;
    private final ConnectionTable table;

    /**
     * For one host.
     *
     * @param threads of which one is lost
     * @param table whose connections are closed
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
