package org.minip2p.host;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;

/**
 * A TCP relay on loopback. It lets a number of bytes pass in each direction. Then it treats that direction as the test
 * specifies.
 */
final class Relay implements AutoCloseable {
    static final long ALL = Long.MAX_VALUE;

    /** What happens when a direction has used up its bytes. */
    enum Then {
        /** Both sockets are closed. */
        CUT,
        /** The rest waits until {@link #resume}. */
        SILENCE,
        /** The rest passes one byte at a time, each after a pause. */
        DRIP
    }

    /**
     * What one connection through the relay may carry.
     *
     * @param forward number of bytes from the dialer that pass
     * @param backward number of bytes from the listener that pass
     * @param then what happens to a direction afterwards
     */
    record Passage(long forward, long backward, Then then) {
        static final Passage FREE = new Passage(ALL, ALL, Then.CUT);
    }

    private static final long DRIP_MILLIS = 120;

    private final EventLoopGroup eventLoop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("relay", true), NioIoHandler.newFactory());
    private final Queue<Passage> planned = new ConcurrentLinkedQueue<>();
    private final Queue<Direction> directions = new ConcurrentLinkedQueue<>();
    private final AtomicLong mostForward = new AtomicLong();
    private final AtomicLong mostBackward = new AtomicLong();
    private final CompletableFuture<Duration> firstEnd = new CompletableFuture<>();
    private final InetSocketAddress target;
    private final Passage otherwise;
    private final Channel listener;

    /** A relay to a host. Each connection may carry this, unless {@link #plan} sets something else. */
    Relay(Host target, Passage passage) {
        this.target = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Hosts.address(target).tcp().orElseThrow().port());
        this.otherwise = passage;
        this.listener = new ServerBootstrap()
                .group(eventLoop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel dialer) {
                        join(dialer);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Sets what the next connection without a plan may carry. */
    void plan(Passage passage) {
        planned.add(passage);
    }

    Multiaddr address(Host behind) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + ((InetSocketAddress) listener.localAddress()).getPort())
                .withPeerId(behind.peerId());
    }

    /** The largest number of bytes from a dialer that one connection has carried. */
    long mostForward() {
        return mostForward.get();
    }

    /** The largest number of bytes from the listener that one connection has carried. */
    long mostBackward() {
        return mostBackward.get();
    }

    /** How long the first connection to end lives: from its acceptance until one of its ends closes it. */
    CompletableFuture<Duration> firstEnd() {
        return firstEnd;
    }

    /** Lets nothing pass from now on, like a dead path. */
    void silence() {
        eventLoop
                .submit(() -> directions.forEach(direction -> direction.left = 0))
                .syncUninterruptibly();
    }

    /** Lets this many more bytes pass in each direction. */
    void pass(long bytes) {
        eventLoop.execute(() -> directions.forEach(direction -> direction.passMore(bytes)));
    }

    /** Lets everything pass. */
    void resume() {
        eventLoop.execute(() -> directions.forEach(Direction::resume));
    }

    /** Ends the bytes of both directions, like an orderly close of the other end's socket. */
    void end() {
        eventLoop.execute(() -> directions.forEach(direction -> direction.to.shutdownOutput()));
    }

    private void join(SocketChannel dialer) {
        Passage plan = planned.poll();
        Passage passage = plan == null ? otherwise : plan;
        long began = System.nanoTime();
        new Bootstrap()
                .group(eventLoop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepting) {
                        dialer.pipeline()
                                .addLast(new Direction(accepting, passage.forward, passage.then, mostForward, began));
                        accepting
                                .pipeline()
                                .addLast(new Direction(dialer, passage.backward, passage.then, mostBackward, began));
                    }
                })
                .connect(target)
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        dialer.config().setAutoRead(true);
                        ((ChannelFuture) connected).channel().config().setAutoRead(true);
                    } else {
                        dialer.close();
                    }
                });
    }

    @Override
    public void close() {
        eventLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Passes on the bytes that arrive on its channel. */
    private final class Direction extends ChannelInboundHandlerAdapter {
        private final SocketChannel to;
        private final Then then;
        private final AtomicLong most;
        private final long began;
        private final Queue<ByteBuf> waiting = new ConcurrentLinkedQueue<>();
        private @Nullable ChannelHandlerContext ctx;
        private long left;
        private long passed;
        private boolean ended;
        private boolean dripping;

        Direction(SocketChannel to, long left, Then then, AtomicLong most, long began) {
            this.to = to;
            this.left = left;
            this.then = then;
            this.most = most;
            this.began = began;
            directions.add(this);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            cutIfUsedUp(ctx);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            ctx = added;
            if (added.channel().isActive()) {
                cutIfUsedUp(added);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            waiting.add((ByteBuf) message);
            pass(ctx);
        }

        private void pass(ChannelHandlerContext ctx) {
            while (left > 0 && !waiting.isEmpty()) {
                send((int) Math.min(left, waiting.element().readableBytes()));
            }
            to.flush();
            cutIfUsedUp(ctx);
            if (then == Then.DRIP && left == 0 && !waiting.isEmpty() && !dripping) {
                dripping = true;
                ctx.executor().schedule(() -> drip(ctx), DRIP_MILLIS, TimeUnit.MILLISECONDS);
            }
            endIfDone();
        }

        private void send(int bytes) {
            ByteBuf first = waiting.element();
            to.write(first.readRetainedSlice(bytes));
            left -= bytes;
            passed += bytes;
            most.accumulateAndGet(passed, Math::max);
            if (!first.isReadable()) {
                waiting.remove().release();
            }
        }

        private void drip(ChannelHandlerContext ctx) {
            dripping = false;
            if (!waiting.isEmpty()) {
                left++;
                pass(ctx);
            }
        }

        private void cutIfUsedUp(ChannelHandlerContext ctx) {
            if (left == 0 && then == Then.CUT) {
                to.close();
                ctx.close();
            }
        }

        void resume() {
            passMore(ALL);
        }

        void passMore(long bytes) {
            left = bytes;
            if (ctx != null) {
                pass(ctx);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                firstEnd.complete(Duration.ofNanos(System.nanoTime() - began));
                ended = true;
                endIfDone();
            }
        }

        private void endIfDone() {
            if (ended && waiting.isEmpty() && to.isActive()) {
                to.shutdownOutput();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            firstEnd.complete(Duration.ofNanos(System.nanoTime() - began));
            waiting.forEach(ByteBuf::release);
            waiting.clear();
            directions.remove(this);
            to.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
