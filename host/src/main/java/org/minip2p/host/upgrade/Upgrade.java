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
 * Takes one socket from its first byte to an {@link UndecidedConnection}: security is negotiated, Noise runs, the muxer is negotiated
 * unless Noise did so, Yamux is put in place. Each stage is a handler that says when it is done; what comes next is decided here, and
 * nowhere else. One absolute deadline covers all of it, the host's decision included.
 *
 * <p>Confined to the channel's event loop, but for {@link #abort}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/README.md#upgrading-connections">Upgrading connections</a>
 */
public final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
    private static final ProtocolId NOISE = new ProtocolId("/noise");

    /** How the muxer is proposed. */
    public static final ProtocolId YAMUX = new ProtocolId("/yamux/1.0.0");

    /** What becomes of a socket: one of the two is called, once, on its event loop. */
    public interface Outcome {
        /** The socket is a connection, not yet decided on. */
        void upgraded(UndecidedConnection connection);

        /** It is not, and is being closed. */
        void failed(Throwable cause);
    }

    private enum Stage {
        NEGOTIATING_SECURITY,
        SECURING,
        NEGOTIATING_MUXER,
        /** Yamux is in place, and the connection answers for itself. */
        UPGRADED,
        FAILED
    }

    private final UpgradeStages stages;
    private final Role role;
    private final @Nullable PeerId expectedPeer;
    private final Channel channel;
    private final @Nullable SocketMeter meter;

    /** Whom to tell; null once told: a connection outlives whoever wanted it. */
    private @Nullable Outcome outcome;

    private Stage stage = Stage.NEGOTIATING_SECURITY;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable SecurityHandshake handshake;
    private @Nullable SecureSession secured;
    private @Nullable UndecidedConnection connection;

    /**
     * An upgrade, not yet begun.
     *
     * @param stages what it consists of
     * @param role INITIATOR when this side dialed
     * @param expectedPeer who must be at the other end; null for whoever is
     * @param channel the socket
     * @param outcome told what becomes of it
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
        channel.config().setRecvByteBufAllocator(new ReceiveBuffers(channel.eventLoop().ticker()::nanoTime));
        long millis = stages.timeout().toMillis();
        deadline = channel.eventLoop()
                .schedule(() -> fail(UpgradeFailedException.timedOut(tooSlow(millis))), millis, TimeUnit.MILLISECONDS);
        if (meter != null) {
            channel.pipeline().addLast(meter);
        }
        channel.pipeline().addLast(stages.negotiation(role, NOISE, new SecurityNegotiation()), new Tail());
    }

    /** Gives up, whatever it has come to. Any thread. */
    public void abort(Throwable cause) {
        onEventLoop(() -> fail(cause));
    }

    /**
     * Gives up unless the peer may hold it for a connection already: its identity is proved to us, so ours is on its way. Any thread.
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
            LOG.trace("channel={} its event loop has ended, and with it the upgrade", channel.id());
        }
    }

    /** The host has let the connection in or not, or nothing came of it: the deadline has done its work. */
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
        // A few hundred bytes at most are on their way: nobody waits for them any longer than for the peer's end.
        LingeringClose.close(channel, Duration.ZERO, stages.linger());
        takeOutcome().failed(cause);
    }

    private Outcome takeOutcome() {
        Outcome taken = outcome;
        if (taken == null) {
            throw new IllegalStateException("the outcome was told before");
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

    /** Listens to Noise for as long as the socket lives; of the upgrade, which is over before, it then keeps nothing. */
    private static final class SecurityHandshake implements SecureChannelListener {
        private @Nullable Upgrade upgrade;
        private @Nullable SecuredSocket socket;

        /** What is kept before there is a socket to count it for, in bytes. */
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

    /** The end of the pipeline until the muxer is there, which deals with everything: what no stage has dealt with ends the socket. */
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
