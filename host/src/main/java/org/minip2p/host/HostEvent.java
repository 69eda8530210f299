package org.minip2p.host;

import java.net.SocketAddress;
import java.util.Optional;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;

/** What a host tells of itself. Of one peer the events come in the order in which they happened. */
public sealed interface HostEvent {
    /**
     * A connection is up: the peer's identity is proved and a muxer runs. Each is followed by exactly one {@link ConnectionClosed}.
     *
     * @param connection the connection
     * @param numEstablished how many connections to this peer there are, this one included
     * @param otherEstablished how many there were before it
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
     * A dial came to nothing. A dial that was refused because of its condition is none: only its caller learns of that.
     *
     * @param peer who was dialed, if that was known
     * @param address where
     * @param error why
     */
    record OutgoingConnectionFailed(Optional<PeerId> peer, Multiaddr address, Throwable error) implements HostEvent {}

    /**
     * An accepted socket did not become a connection.
     *
     * @param remoteAddress who
     * @param error why
     */
    record IncomingConnectionFailed(SocketAddress remoteAddress, Throwable error) implements HostEvent {}
}
