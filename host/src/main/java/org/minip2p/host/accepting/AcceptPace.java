package org.minip2p.host.accepting;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.minip2p.host.HostEvent;
import org.minip2p.host.events.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops accepting sockets when their events cannot be delivered fast enough, and makes room when the machine has no descriptors left.
 * Thread-safe.
 */
public final class AcceptPace {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPace.class);

    /** How long an event loop may take to close the socket that makes room. */
    private static final long ROOM_MILLIS = 10;

    private final Events events;
    private final EventExecutor peerExecutor;
    private final BooleanSupplier makeRoom;
    private final int maxWaiting;

    /** Failures that wait for the peer executor, which also limit the rate of accepting sockets that fail fast. */
    private final AtomicInteger untold = new AtomicInteger();

    /**
     * Nothing waits yet.
     *
     * @param events receives the failures; while too many events wait, nothing is accepted
     * @param peerExecutor where failures are reported
     * @param makeRoom ends one accepted socket that is not a connection yet; returns whether there was one
     * @param maxWaiting the number of failures waiting for that executor at which accepting stops
     */
    public AcceptPace(Events events, EventExecutor peerExecutor, BooleanSupplier makeRoom, int maxWaiting) {
        this.events = events;
        this.peerExecutor = peerExecutor;
        this.makeRoom = makeRoom;
        this.maxWaiting = maxWaiting;
    }

    /** An accepted socket did not become a connection. */
    void failed(SocketAddress remote, Throwable cause) {
        untold.incrementAndGet();
        peerExecutor.execute(() -> {
            untold.decrementAndGet();
            events.tell(null, new HostEvent.IncomingConnectionFailed(remote, cause));
        });
    }

    /** For a listening channel: stops accepting while too much waits. */
    ChannelHandler pause() {
        return new Pause();
    }

    /** A closed channel may no longer have an event loop. */
    private static void resume(Channel listener) {
        if (listener.isOpen()) {
            listener.config().setAutoRead(true);
        }
    }

    private final class Pause extends ChannelInboundHandlerAdapter {
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.fireChannelReadComplete();
            if (events.isCongested() && ctx.channel().config().isAutoRead()) {
                ctx.channel().config().setAutoRead(false);
                events.onRelief(() -> resume(ctx.channel()));
            } else if (untold.get() >= maxWaiting && ctx.channel().config().isAutoRead()) {
                ctx.channel().config().setAutoRead(false);
                // It runs after them.
                peerExecutor.execute(() -> resume(ctx.channel()));
            }
        }

        /** When it is passed on, Netty does not accept for a second. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException && makeRoom.getAsBoolean()) {
                LOG.debug(
                        "accept failed, freed descriptors listener={} error={}",
                        ctx.channel().localAddress(),
                        cause.toString());
                ctx.channel().config().setAutoRead(false);
                ctx.executor().schedule(() -> resume(ctx.channel()), ROOM_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                LOG.warn("accept failed listener={} error={}", ctx.channel().localAddress(), cause.toString());
                ctx.fireExceptionCaught(cause);
            }
        }
    }
}
