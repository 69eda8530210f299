package org.minip2p.host.accepting;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.minip2p.host.HostEvent;
import org.minip2p.host.events.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps sockets from being accepted faster than what becomes of them can be told. Thread-safe. */
public final class AcceptPace {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPace.class);

    private final Events events;
    private final EventExecutor peerExecutor;
    private final int maxWaiting;

    /** Failures that wait for the peer executor: who fails fast must not be accepted faster than that. */
    private final AtomicInteger untold = new AtomicInteger();

    /**
     * Nothing waits yet.
     *
     * @param events told of what failed; when too many of them wait nothing is accepted
     * @param peerExecutor on which they are told
     * @param maxWaiting from how many failures that wait for that executor on nothing is accepted
     */
    public AcceptPace(Events events, EventExecutor peerExecutor, int maxWaiting) {
        this.events = events;
        this.peerExecutor = peerExecutor;
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

    /** One that is closed may have no event loop any more. */
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
                // Its turn comes after theirs.
                peerExecutor.execute(() -> resume(ctx.channel()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("accept failed listener={} error={}", ctx.channel().localAddress(), cause.toString());
            ctx.fireExceptionCaught(cause);
        }
    }
}
