package org.minip2p.host.connections;

import org.minip2p.host.Connection;
import org.minip2p.yamux.netty.YamuxHandler;

/** Looks at what a test of a whole host wants to see of a connection. */
public final class ConnectionsInside {
    private ConnectionsInside() {}

    /** What carries its streams. */
    public static YamuxHandler muxer(Connection connection) {
        return ((EstablishedConnection) connection).socket.muxer();
    }

    /** Whether no stream and no lease uses it. */
    public static boolean isUnused(Connection connection) {
        return ((EstablishedConnection) connection).socket.uses().isUnused();
    }
}
