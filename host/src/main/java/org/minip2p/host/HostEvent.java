package org.minip2p.host;

import java.net.SocketAddress;
import java.util.Optional;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/** An event of a host. The events of one peer arrive in the order in which they happened. */
public sealed interface HostEvent {
    /**
     * A connection is up: the peer's identity is proved and a muxer runs. Each is followed by exactly one {@link ConnectionClosed}.
     *
     * @param connection the connection
     * @param numEstablished the number of connections to this peer, including this one
     * @param otherEstablished the number of connections before it
     */
    record ConnectionEstablished(Connection connection, int numEstablished, int otherEstablished)
            implements HostEvent {}

    /**
     * A connection that was established has ended.
     *
     * @param connection the connection
     * @param numEstablished how many connections to this peer are left
     * @param cause why
     */
    record ConnectionClosed(Connection connection, int numEstablished, CloseCause cause) implements HostEvent {}

    /**
     * A dial failed. A dial that was refused because of its condition does not count: only its caller is told.
     *
     * @param peer the dialed peer, if it was known
     * @param address the dialed address
     * @param error why
     */
    record OutgoingConnectionFailed(Optional<PeerId> peer, Multiaddr address, Throwable error) implements HostEvent {}

    /**
     * An accepted socket did not become a connection.
     *
     * @param remoteAddress the address of the other end
     * @param error why
     */
    record IncomingConnectionFailed(SocketAddress remoteAddress, Throwable error) implements HostEvent {}
}
