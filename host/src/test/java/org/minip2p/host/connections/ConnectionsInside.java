package org.minip2p.host.connections;

import org.minip2p.host.Connection;
import org.minip2p.yamux.netty.YamuxHandler;

/** Gives tests of a whole host access to a connection. */
public final class ConnectionsInside {
    private ConnectionsInside() {}

    /** The muxer that carries the streams of a connection. */
    public static YamuxHandler muxer(Connection connection) {
        return ((EstablishedConnection) connection).socket.muxer();
    }

    /** Whether no stream and no lease uses the connection. */
    public static boolean isUnused(Connection connection) {
        return ((EstablishedConnection) connection).socket.uses().isUnused();
    }
}
