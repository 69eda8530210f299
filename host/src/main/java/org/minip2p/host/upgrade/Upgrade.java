package org.minip2p.host.upgrade;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation;
import org.minip2p.host.UpgradeFailedException;
import org.minip2p.host.connections.LingeringClose;
import org.minip2p.host.connections.SecuredSocket;
import org.minip2p.host.connections.UndecidedConnection;
import org.minip2p.host.observing.SocketMeter;
import org.minip2p.multistream.netty.NegotiationListener;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.netty.ReceiveBuffers;
import org.minip2p.noise.netty.SecureChannelListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one socket from its first byte to an {@link UndecidedConnection}: negotiates security, runs Noise, negotiates the muxer unless
 * Noise did so, and installs Yamux. Each stage is a handler that reports when it is done; only this class decides what comes next. One
 * absolute deadline covers everything, including the host's decision.
 *
 * <p>Confined to the channel's event loop, except for {@link #abort}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md#upgrading-connections">Upgrading connections</a>
 */
public final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
    private static final ProtocolId NOISE = new ProtocolId("/noise");

    /** How the muxer is proposed. */
    public static final ProtocolId YAMUX = new ProtocolId("/yamux/1.0.0");

    /** The result for a socket: one of the two methods is called, once, on its event loop. */
    public interface Outcome {
        /** The socket is a connection, not yet decided on. */
        void upgraded(UndecidedConnection connection);

        /** It has failed, and is being closed. */
        void failed(Throwable cause);
    }

    private enum Stage {
        NEGOTIATING_SECURITY,
        SECURING,
        NEGOTIATING_MUXER,
        /** Yamux is installed, and the connection is responsible for itself. */
        UPGRADED,
        FAILED
    }

    private final UpgradeStages stages;
    private final Role role;
    private final @Nullable PeerId expectedPeer;
    private final Channel channel;
    private final @Nullable SocketMeter meter;

    /** The receiver of the result; null afterwards, because a connection outlives its caller. */
    private @Nullable Outcome outcome;

    private Stage stage = Stage.NEGOTIATING_SECURITY;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable SecurityHandshake handshake;
    private @Nullable SecureSession secured;
    private @Nullable UndecidedConnection connection;

    /**
     * Creates an upgrade, not started yet.
     *
     * @param stages its stages
     * @param role {@link Role#INITIATOR} when this side dialed
     * @param expectedPeer the expected peer; null for any peer
     * @param channel the socket
     * @param outcome receives the result
     */
    public Upgrade(UpgradeStages stages, Role role, @Nullable PeerId expectedPeer, Channel channel, Outcome outcome) {
        this.stages = stages;
        this.role = role;
        this.expectedPeer = expectedPeer;
        this.channel = channel;
        this.outcome = outcome;
        this.meter = stages.meter().socket(role);
    }

    /** Builds the first stage; called while the channel is being initialised. */
    public void start() {
        channel.config()
                .setRecvByteBufAllocator(new ReceiveBuffers(channel.eventLoop().ticker()::nanoTime));
        long millis = stages.timeout().toMillis();
        deadline = channel.eventLoop()
                .schedule(() -> fail(UpgradeFailedException.timedOut(tooSlow(millis))), millis, TimeUnit.MILLISECONDS);
        if (meter != null) {
            channel.pipeline().addLast(meter);
        }
        channel.pipeline().addLast(stages.negotiation(role, NOISE, new SecurityNegotiation()), new Tail());
    }

    /** Gives up in any stage. Any thread. */
    public void abort(Throwable cause) {
        onEventLoop(() -> fail(cause));
    }

    /**
     * Gives up, unless the peer may already consider it a connection: it has proved its identity to us, so our proof has been sent.
     * Any thread.
     */
    public void abortUnlessSecured(Throwable cause) {
        onEventLoop(() -> {
            if (stage == Stage.NEGOTIATING_SECURITY || stage == Stage.SECURING) {
                fail(cause);
            }
        });
    }

    private void onEventLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("channel={} upgrade ended with its event loop", channel.id());
        }
    }

    /** The host has decided on the connection, or the upgrade has failed: the deadline is over. */
    private void decided() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private String tooSlow(long millis) {
        return "not a connection within " + millis + " ms: still " + (channel.isActive() ? stage : "CONNECTING");
    }

    private void fail(Throwable cause) {
        if (stage == Stage.UPGRADED && connection != null) {
            connection.socket().fail(cause);
            return;
        }
        if (stage == Stage.FAILED) {
            return;
        }
        stage = Stage.FAILED;
        decided();
        if (meter != null) {
            meter.failed(cause);
        }
        // At most a few hundred bytes are in flight: they get no more time than the peer's end.
        LingeringClose.close(channel, Duration.ZERO, stages.linger());
        takeOutcome().failed(cause);
    }

    private Outcome takeOutcome() {
        Outcome taken = outcome;
        if (taken == null) {
            throw new IllegalStateException("the result was already reported");
        }
        outcome = null;
        return taken;
    }

    private void secured(ChannelHandlerContext ctx, SecureSession session) {
        secured = session;
        if (session.earlyMuxer().isPresent()) {
            installMuxer(ctx);
        } else {
            stage = Stage.NEGOTIATING_MUXER;
            if (meter != null) {
                meter.enters(HostObservation.Stage.NEGOTIATING_MUXER);
            }
            insertBehind(ctx, stages.negotiation(role, YAMUX, new MuxerNegotiation()));
        }
    }

    private void installMuxer(ChannelHandlerContext behind) {
        if (stage == Stage.FAILED || secured == null) {
            return;
        }
        stage = Stage.UPGRADED;
        if (meter != null) {
            meter.upgraded(NOISE.value(), YAMUX.value(), secured);
        }
        connection = stages.connection(channel, role, secured, this::decided, meter);
        if (handshake != null) {
            handshake.upgraded(connection.socket());
        }
        behind.pipeline().addAfter(behind.name(), null, connection.muxer());
        behind.pipeline().remove(Tail.class);
        takeOutcome().upgraded(connection);
    }

    private static void insertBehind(ChannelHandlerContext ctx, ChannelHandler next) {
        ctx.pipeline().addAfter(ctx.name(), null, next);
    }

    private final class SecurityNegotiation implements NegotiationListener {
        @Override
        public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
            stage = Stage.SECURING;
            if (meter != null) {
                meter.enters(HostObservation.Stage.SECURING);
            }
            handshake = new SecurityHandshake(Upgrade.this);
            insertBehind(ctx, stages.handshake(role, expectedPeer, handshake));
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            fail(cause);
        }
    }

    /** Listens to Noise for the lifetime of the socket; it drops its reference to the upgrade, which ends earlier. */
    private static final class SecurityHandshake implements SecureChannelListener {
        private @Nullable Upgrade upgrade;
        private @Nullable SecuredSocket socket;

        /** The bytes kept before there is a connection to count them for. */
        private int kept;

        SecurityHandshake(Upgrade upgrade) {
            this.upgrade = upgrade;
        }

        void upgraded(SecuredSocket secured) {
            upgrade = null;
            socket = secured;
            memoryKept(kept);
        }

        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            if (upgrade != null) {
                upgrade.secured(ctx, session);
            }
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            if (upgrade != null) {
                upgrade.fail(cause);
            } else if (socket != null) {
                socket.fail(cause);
            }
        }

        @Override
        public void memoryKept(int change) {
            if (socket != null) {
                socket.keep(change);
            } else {
                kept += change;
            }
        }
    }

    private final class MuxerNegotiation implements NegotiationListener {
        @Override
        public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
            installMuxer(ctx);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            fail(cause);
        }
    }

    /** The end of the pipeline until the muxer is installed: anything that no stage has handled closes the socket. */
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(new UpgradeFailedException("the connection ended while " + stage, null));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(cause);
        }
    }
}
