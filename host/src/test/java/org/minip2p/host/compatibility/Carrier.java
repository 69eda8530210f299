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

/** What carries the channels of an exchange: sockets, or the streams of one connection. It knows which of them are open, and how they end. */
abstract class Carrier implements AutoCloseable {
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger openAtServer = new AtomicInteger();

    /** What a pipeline is made of; as {@link io.netty.channel.ChannelInitializer}. */
    @FunctionalInterface
    interface Initializer {
        void addTo(ChannelPipeline pipeline) throws Exception;
    }

    /** How the table calls it. */
    abstract String name();

    /** Answers under this name from now on. */
    abstract void serve(String name, PeerEnd peerEnd, Initializer handlers) throws Exception;

    /** Opens a channel to who answers under this name; fails when it cannot. */
    abstract CompletableFuture<Channel> open(String name, PeerEnd peerEnd, Initializer handlers);

    /** Runs what opens channels where they can all be opened in one go. */
    abstract void inOneGo(Runnable opening);

    /** Ends a channel without ending it in good order. */
    abstract void reset(Channel channel);

    /** What is left besides open channels; empty when nothing is. */
    abstract String left();

    // What both kinds do

    /** Opens a channel, lets the client of an exchange work on it, and closes it when the answer is there. */
    CompletableFuture<String> run(Exchange exchange, String name, int number) {
        return run(exchange, name, number, new CompletableFuture<>(), CompletableFuture.completedFuture(null));
    }

    /**
     * As {@link #run(Exchange, String, int)}, but the channel is not closed before that is allowed.
     *
     * @param answer completed with the answer
     * @return completes with the answer, too, when the channel is closed
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
        // What it came to is told when nothing of the channel is left.
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

    /** Sends what a hostile client sends. */
    CompletableFuture<Channel> attack(String name, PeerEnd peerEnd, Hostile hostile) {
        return open(name, peerEnd, pipeline -> pipeline.addLast(new HostileEnd(hostile)));
    }

    /** Answers as a hostile server does. */
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

    /** The channels that are open at the end that is called. */
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

    /** Completes an exceptional answer with what went wrong, and closes, as every example of Netty does. */
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

    /** The channel ended in good order, and there was no answer. */
    static final class EndedBeforeTheAnswer extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Notes what handlers throw on the server's side, and closes, as every example of Netty does. */
    static final class ServerTail extends ChannelInboundHandlerAdapter {
        private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        private final Consumer<Queue<Throwable>> ended;

        /** Told what was thrown when the channel is inactive. */
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

    /** Sends its bytes at once or as soon as something comes, and then does what it does. */
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

        /** It does not mind what becomes of it. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
