package org.minip2p.host.compatibility;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.minip2p.host.Hosts;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.compatibility.Exchange.Hostile;

/**
 * Carries the channels of an exchange: sockets, or the streams of one connection. A carrier knows which channels are
 * open, and how they end.
 */
abstract class Carrier implements AutoCloseable {
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger openAtServer = new AtomicInteger();

    /** Adds handlers to a pipeline, like {@link io.netty.channel.ChannelInitializer}. */
    @FunctionalInterface
    interface Initializer {
        void addTo(ChannelPipeline pipeline) throws Exception;
    }

    /** The name of this carrier in the table of results. */
    abstract String name();

    /** Starts a server with this name. */
    abstract void serve(String name, PeerEnd peerEnd, Initializer handlers) throws Exception;

    /** Opens a channel to the server with this name. The future fails if that is not possible. */
    abstract CompletableFuture<Channel> open(String name, PeerEnd peerEnd, Initializer handlers);

    /** Runs the task in a place where all the channels that it opens can be opened in one go. */
    abstract void inOneGo(Runnable opening);

    /** Ends a channel abruptly. */
    abstract void reset(Channel channel);

    /** Describes whatever is left besides open channels. Empty if nothing is left. */
    abstract String left();

    // Methods that all carriers share

    /** Opens a channel, lets the client of an exchange work on it, and closes it when the answer is complete. */
    CompletableFuture<String> run(Exchange exchange, String name, int number) {
        return run(exchange, name, number, new CompletableFuture<>(), CompletableFuture.completedFuture(null));
    }

    /**
     * Like {@link #run(Exchange, String, int)}, but does not close the channel before that is allowed.
     *
     * @param answer completes with the answer
     * @param mayClose completes when the channel may be closed
     * @return also completes with the answer, when the channel is closed
     */
    CompletableFuture<String> run(
            Exchange exchange,
            String name,
            int number,
            CompletableFuture<String> answer,
            CompletableFuture<Void> mayClose) {
        CompletableFuture<Channel> opened = open(name, exchange.peerEnd(), pipeline -> {
            exchange.client().addTo(pipeline, number, answer);
            pipeline.addLast(new ClientTail(answer));
        });
        opened.whenComplete((channel, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            }
        });
        // Reports the outcome when nothing of the channel is left.
        return answer.handle((text, failure) -> mayClose.thenCompose(may -> opened)
                        .thenCompose(this::closed)
                        .thenCompose(done -> answer))
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<Void> closed(Channel channel) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        channel.close();
        channel.closeFuture().addListener(done -> result.complete(null));
        return result;
    }

    /** Opens a channel that sends the bytes of a hostile client. */
    CompletableFuture<Channel> attack(String name, PeerEnd peerEnd, Hostile hostile) {
        return open(name, peerEnd, pipeline -> pipeline.addLast(new HostileEnd(hostile)));
    }

    /** Starts a server that sends the bytes of a hostile server. */
    void serveHostile(String name, PeerEnd peerEnd, Hostile hostile) throws Exception {
        serve(name, peerEnd, pipeline -> pipeline.addLast(new HostileEnd(hostile)));
    }

    void openedAtServer(Channel channel) {
        opened(channel);
        openAtServer.incrementAndGet();
        channel.closeFuture().addListener(closed -> openAtServer.decrementAndGet());
    }

    void opened(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /** The number of channels that are open on the server's side. */
    int openAtServer() {
        return openAtServer.get();
    }

    void awaitNothingLeft(String after) throws InterruptedException {
        try {
            Hosts.awaitTrue(after, () -> open.isEmpty() && left().isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(name() + ", " + after + ": left are " + left() + " " + open, e);
        }
    }

    @Override
    public abstract void close();

    /** Fails the answer with the exception, and closes the channel, as Netty's examples do. */
    private static final class ClientTail extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> answer;

        ClientTail(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.completeExceptionally(new EndedBeforeTheAnswer());
        }
    }

    /** The channel ended cleanly, but without an answer. */
    static final class EndedBeforeTheAnswer extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Records the exceptions of handlers on the server's side, and closes the channel, as Netty's examples do. */
    static final class ServerTail extends ChannelInboundHandlerAdapter {
        private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        private final Consumer<Queue<Throwable>> ended;

        /** The consumer gets the exceptions when the channel is inactive. */
        ServerTail(Consumer<Queue<Throwable>> ended) {
            this.ended = ended;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            thrown.add(cause);
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.accept(thrown);
        }
    }

    /** Sends its bytes at once, or as soon as it receives some. Then it resets, ends its side or waits. */
    private final class HostileEnd extends ChannelInboundHandlerAdapter {
        private final Hostile hostile;
        private boolean hasSent;

        HostileEnd(Hostile hostile) {
            this.hostile = hostile;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (!hostile.opening().isEmpty()) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(hostile.opening().array()));
            }
            if (hostile.atOnce()) {
                send(ctx);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            if (!hasSent) {
                send(ctx);
            }
        }

        private void send(ChannelHandlerContext ctx) {
            hasSent = true;
            ByteBuf bytes = Unpooled.wrappedBuffer(hostile.bytes().array());
            ctx.writeAndFlush(bytes).addListener(sent -> {
                switch (hostile.then()) {
                    case RESETS -> reset(ctx.channel());
                    case ENDS -> ((DuplexChannel) ctx.channel()).shutdownOutput();
                    case WAITS -> {}
                }
            });
        }

        /** Errors on its own side do not matter. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
