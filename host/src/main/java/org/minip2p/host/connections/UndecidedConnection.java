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
 * A socket whose peer is proved and whose muxer is in place, but which the host has not let in: no frame of it is read, and no
 * application sees it. {@link #admit} makes a connection of it, {@link #deny} ends it; one of the two is called, once.
 *
 * <p>Thread-safe.
 */
public final class UndecidedConnection {
    private final MuxedSocket socket;
    private final Role role;
    private final SecureSession secured;
    private final StreamNegotiation negotiation;

    /**
     * Not decided yet.
     *
     * @param decided run on the event loop when it is, or when the socket ends before: whoever limits the time of an upgrade need not do so any longer
     */
    UndecidedConnection(
            MuxedSocket socket, Role role, SecureSession secured, StreamNegotiation negotiation, Runnable decided) {
        this.socket = socket;
        this.role = role;
        this.secured = secured;
        this.negotiation = negotiation;
        socket.whenDecided(decided);
    }

    /** Who is at the other end; proved by the handshake. */
    public PeerId remotePeer() {
        return secured.remotePeer();
    }

    /** Where. */
    public SocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    /** INITIATOR when this side dialed. */
    public Role role() {
        return role;
    }

    /** What is to stand last in the socket's pipeline. */
    public ChannelHandler muxer() {
        return socket.muxer();
    }

    /**
     * Lets it in. The connection reads nothing before its {@link EstablishedConnection#start}.
     *
     * @param nowNanos when that is
     */
    public EstablishedConnection admit(long nowNanos) {
        socket.onEventLoop(socket::decided);
        SocketMeter meter = socket.meter();
        if (meter != null) {
            meter.opened(socket.id());
        }
        return new EstablishedConnection(socket, role, secured, negotiation, nowNanos);
    }

    /** Does not let it in, and closes the socket. */
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

    /** The socket, whatever is decided on it. It keeps nothing of this. */
    public SecuredSocket socket() {
        return socket;
    }
}
