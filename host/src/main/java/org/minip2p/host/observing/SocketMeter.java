package org.minip2p.host.observing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.HostObservation.ConnectionClosed;
import org.minip2p.host.HostObservation.ConnectionKind;
import org.minip2p.host.HostObservation.ConnectionOpened;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.Stage;
import org.minip2p.host.HostObservation.StagePassed;
import org.minip2p.host.recording.Recorder;
import org.minip2p.noise.SecureSession;

/**
 * Measures one socket, from its start to the end of its connection: the stages, the bytes, the end. The first handler of its pipeline, so
 * that it sees a read of the socket once and not each frame.
 *
 * <p>Confined to the event loop, except for {@link #opened}, which happens after the event loop's earlier calls and before its later
 * ones.
 */
public final class SocketMeter extends ChannelDuplexHandler {
    private static final String TRANSPORT = "tcp";

    private final HostMeter host;
    private final Role role;
    private final long startNanos;
    private Stage stage;
    private long stageNanos;
    private @Nullable SocketAddress remote;
    private Recorder.@Nullable Stage recordedStage;
    private long bytesRead;
    private long bytesWritten;

    /** Known when the muxer is installed. */
    private @Nullable ConnectionKind kind;

    /** Known since then, too. */
    private @Nullable PeerId peer;

    private Duration upgrade = Duration.ZERO;
    private long openedNanos;
    private long connection;
    private Recorder.@Nullable Connection recorded;

    SocketMeter(HostMeter host, Role role) {
        this.host = host;
        this.role = role;
        this.stage = role == Role.INITIATOR ? Stage.CONNECTING : Stage.NEGOTIATING_SECURITY;
        this.startNanos = host.now();
        this.stageNanos = startNanos;
        this.recordedStage = host.recorder().stage();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (role == Role.RESPONDER) {
            remote = ctx.channel().remoteAddress();
        }
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress to, @Nullable SocketAddress local, ChannelPromise promise) {
        remote = to;
        ctx.connect(to, local, promise);
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

    /** It has completed a stage. */
    public void enters(Stage next) {
        passed();
        stage = next;
        stageNanos = host.now();
        recordedStage = host.recorder().stage();
    }

    private void passed() {
        StagePassed left = new StagePassed(role, stage, host.since(stageNanos));
        host.tell(left);
        if (recordedStage != null) {
            recordedStage.passed(left, remote);
            recordedStage = null;
        }
    }

    /**
     * The muxer is installed, and the host decides.
     *
     * @param security the protocol
     * @param muxer the protocol
     * @param session the result of the handshake
     */
    public void upgraded(String security, String muxer, SecureSession session) {
        kind = new ConnectionKind(
                role,
                TRANSPORT,
                security,
                muxer,
                session.earlyMuxer().isPresent(),
                HostMeter.ipVersion(remote),
                session.remoteKey().type());
        peer = session.remotePeer();
        upgrade = host.since(startNanos);
        enters(Stage.DECIDING);
    }

    /** It does not become a connection. */
    public void failed(Throwable cause) {
        SocketFailed failed = new SocketFailed(
                role, stage, SocketFaults.of(cause), HostMeter.ipVersion(remote), host.since(startNanos));
        host.tell(failed);
        if (recordedStage != null) {
            recordedStage.failed(failed, remote, cause);
            recordedStage = null;
        }
    }

    /**
     * The host has admitted it. Peer executor.
     *
     * @param id the host's number for the connection
     */
    public void opened(long id) {
        ConnectionKind opened = kind;
        if (opened != null) {
            passed();
            openedNanos = host.now();
            connection = id;
            recorded = host.recorder().connection();
            host.tell(new ConnectionOpened(opened, upgrade));
        }
    }

    /** The connection has ended. */
    public void closed(CloseCause cause) {
        ConnectionKind opened = kind;
        if (opened == null) {
            return;
        }
        ConnectionClosed closed =
                new ConnectionClosed(opened, host.since(openedNanos), cause.reason(), bytesRead, bytesWritten);
        host.tell(closed);
        if (recorded != null && peer != null) {
            recorded.ended(closed, connection, peer, remote, cause.error());
            recorded = null;
        }
    }
}
