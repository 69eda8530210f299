package org.minip2p.host;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.minip2p.core.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the sockets of the listeners: limits and the gater are asked before a byte is read, then each is upgraded on its own, so that
 * a slow one holds up nobody. Thread-safe.
 */
final class Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final HostServices services;
    private final ConnectionTable table;

    /** Failures that wait for the peer executor: who fails fast must not be accepted faster than that. */
    private final AtomicInteger untold = new AtomicInteger();

    Acceptor(HostServices services, ConnectionTable table) {
        this.services = services;
        this.table = table;
    }

    /** For the listening channel: stops accepting while too many events wait for the application. */
    ChannelHandler pause() {
        return new Pause();
    }

    /** For each accepted channel. */
    ChannelHandler initializer() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                accept(channel);
            }
        };
    }

    private void accept(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        if (remote == null) {
            channel.close();
            return;
        }
        try {
            if (!services.gater().mayAccept(remote)) {
                throw new ConnectionDeniedException("the gater refused " + remote);
            }
            ConnectionLimits.Place place = services.limits().accept(remote);
            channel.closeFuture().addListener(closed -> place.release());
            new Upgrade(services, Role.RESPONDER, null, channel, new Accepted(remote, place)).start();
        } catch (ConnectionDeniedException e) {
            channel.close();
            failed(remote, e);
        }
    }

    private void failed(SocketAddress remote, Throwable cause) {
        untold.incrementAndGet();
        services.peerExecutor().execute(() -> {
            untold.decrementAndGet();
            services.events().tell(null, new HostEvent.IncomingConnectionFailed(remote, cause));
        });
    }

    /** One accepted socket. */
    private final class Accepted implements Upgrade.Outcome {
        private final SocketAddress remote;
        private final ConnectionLimits.Place place;

        Accepted(SocketAddress remote, ConnectionLimits.Place place) {
            this.remote = remote;
            this.place = place;
        }

        @Override
        public void upgraded(Connection connection) {
            place.upgraded();
            services.peerExecutor()
                    .execute(() -> table.decide(connection, new ConnectionTable.Verdict() {
                        @Override
                        public void admitted() {
                            // The table has told everyone.
                        }

                        @Override
                        public void denied(Throwable cause) {
                            connection.onEventLoop(() -> connection.deny(cause));
                            Acceptor.this.failed(remote, cause);
                        }
                    }));
        }

        @Override
        public void failed(Throwable cause) {
            Acceptor.this.failed(remote, cause);
        }
    }

    private final class Pause extends ChannelInboundHandlerAdapter {
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.fireChannelReadComplete();
            if (services.events().isCongested() && ctx.channel().config().isAutoRead()) {
                ctx.channel().config().setAutoRead(false);
                services.events().onRelief(() -> ctx.channel().config().setAutoRead(true));
            } else if (untold.get() >= services.config().get(HostConfig.MAX_WAITING_EVENTS)
                    && ctx.channel().config().isAutoRead()) {
                ctx.channel().config().setAutoRead(false);
                // Its turn comes after theirs.
                services.peerExecutor().execute(() -> ctx.channel().config().setAutoRead(true));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("accept failed listener={} error={}", ctx.channel().localAddress(), cause.toString());
            ctx.fireExceptionCaught(cause);
        }
    }
}
