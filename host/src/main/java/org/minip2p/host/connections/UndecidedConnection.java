package org.minip2p.host.connections;

import io.netty.channel.ChannelHandler;
import java.net.SocketAddress;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.observing.SocketMeter;
import org.minip2p.host.streams.StreamNegotiation;
import org.minip2p.noise.SecureSession;

/**
 * A socket with a proved peer and an installed muxer that the host has not admitted yet: no frame is read, and no application sees it. {@link #admit}
 * makes it a connection, {@link #deny} ends it; exactly one of the two is called, once.
 *
 * <p>Thread-safe.
 */
public final class UndecidedConnection {
    private final MuxedSocket socket;
    private final Role role;
    private final SecureSession secured;
    private final StreamNegotiation negotiation;

    /**
     * Creates an undecided connection.
     *
     * @param decided runs on the event loop when it is decided, or when the socket ends before: the upgrade's deadline is then over
     */
    UndecidedConnection(
            MuxedSocket socket, Role role, SecureSession secured, StreamNegotiation negotiation, Runnable decided) {
        this.socket = socket;
        this.role = role;
        this.secured = secured;
        this.negotiation = negotiation;
        socket.whenDecided(decided);
    }

    /** The peer at the other end; proved by the handshake. */
    public PeerId remotePeer() {
        return secured.remotePeer();
    }

    /** Where. */
    public SocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    /** {@link Role#INITIATOR} when this side dialed. */
    public Role role() {
        return role;
    }

    /** The last handler of the socket's pipeline. */
    public ChannelHandler muxer() {
        return socket.muxer();
    }

    /**
     * Admits it. The connection reads nothing before its {@link EstablishedConnection#start}.
     *
     * @param nowNanos the current time
     */
    public EstablishedConnection admit(long nowNanos) {
        socket.onEventLoop(socket::decided);
        SocketMeter meter = socket.meter();
        if (meter != null) {
            meter.opened(socket.id());
        }
        return new EstablishedConnection(socket, role, secured, negotiation, nowNanos);
    }

    /** Refuses it, and closes the socket. */
    public void deny(Throwable cause) {
        socket.onEventLoop(() -> {
            socket.decided();
            SocketMeter meter = socket.meter();
            if (meter != null) {
                meter.failed(cause);
            }
            socket.closeNow(CloseCause.error(cause));
        });
    }

    /** The socket, whatever the decision. It does not reference this object. */
    public SecuredSocket socket() {
        return socket;
    }
}
