package org.minip2p.host.observing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.HostObservation.ConnectionClosed;
import org.minip2p.host.HostObservation.ConnectionKind;
import org.minip2p.host.HostObservation.ConnectionOpened;
import org.minip2p.host.HostObservation.IpVersion;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.Stage;
import org.minip2p.host.HostObservation.StagePassed;
import org.minip2p.noise.SecureSession;

/**
 * Measures one socket, from its begin to the end of the connection that it becomes: the stages, the bytes, the end. The first handler of its
 * pipeline, so that it sees a read of the socket once and not each frame.
 *
 * <p>Confined to the event loop, but for {@link #opened}, which the event loop hands over to and takes over from.
 */
public final class SocketMeter extends ChannelDuplexHandler {
    private static final String TRANSPORT = "tcp";

    private final HostMeter host;
    private final Role role;
    private final long startNanos;
    private Stage stage;
    private long stageNanos;
    private IpVersion ipVersion = IpVersion.UNKNOWN;
    private long bytesRead;
    private long bytesWritten;

    /** Known when the muxer is in place. */
    private @Nullable ConnectionKind kind;

    private Duration upgrade = Duration.ZERO;
    private long openedNanos;

    SocketMeter(HostMeter host, Role role) {
        this.host = host;
        this.role = role;
        this.stage = role == Role.INITIATOR ? Stage.CONNECTING : Stage.NEGOTIATING_SECURITY;
        this.startNanos = host.now();
        this.stageNanos = startNanos;
    }

    /** Of the host whose socket it is. */
    public HostMeter host() {
        return host;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (role == Role.RESPONDER) {
            ipVersion = HostMeter.ipVersion(ctx.channel().remoteAddress());
        }
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
        ipVersion = HostMeter.ipVersion(remote);
        ctx.connect(remote, local, promise);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (stage == Stage.CONNECTING) {
            enters(Stage.NEGOTIATING_SECURITY);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            int count = bytes.readableBytes();
            bytesRead += count;
            host.traffic().read(count);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            int count = bytes.readableBytes();
            bytesWritten += count;
            host.traffic().wrote(count);
        }
        ctx.write(message, promise);
    }

    /** It has left its stage in good order. */
    public void enters(Stage next) {
        passed();
        stage = next;
        stageNanos = host.now();
    }

    private void passed() {
        host.tell(new StagePassed(role, stage, host.since(stageNanos)));
    }

    /**
     * The muxer is in place, and the host decides.
     *
     * @param security the protocol
     * @param muxer the protocol
     * @param session what the handshake proved
     */
    public void upgraded(String security, String muxer, SecureSession session) {
        kind = new ConnectionKind(
                role,
                TRANSPORT,
                security,
                muxer,
                session.earlyMuxer().isPresent(),
                ipVersion,
                session.remoteKey().type());
        upgrade = host.since(startNanos);
        enters(Stage.DECIDING);
    }

    /** It does not become a connection. */
    public void failed(Throwable cause) {
        host.tell(new SocketFailed(role, stage, SocketFaults.of(cause), ipVersion, host.since(startNanos)));
    }

    /** The host has let it in. Peer executor. */
    public void opened() {
        ConnectionKind opened = kind;
        if (opened != null) {
            passed();
            openedNanos = host.now();
            host.tell(new ConnectionOpened(opened, upgrade));
        }
    }

    /** The connection has ended. */
    public void closed(CloseCause cause) {
        ConnectionKind opened = kind;
        if (opened != null) {
            host.tell(new ConnectionClosed(opened, host.since(openedNanos), cause.reason(), bytesRead, bytesWritten));
        }
    }
}
