package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.limits;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.Relay.Passage;
import org.minip2p.host.Relay.Then;

/**
 * Cuts a whole session of two hosts after each byte of either direction. The session is: the upgrade, one stream with a
 * request in two parts and its end, an answer in two parts and its end, and the close. Both ends finish with the right
 * result or with a clear error, and nothing is left.
 */
class CutSessionTest {
    private static final ProtocolId ASK = new ProtocolId("/ask/1.0.0");
    private static final byte[] REQUEST = "what is the answer?".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int HALF = 9;
    private static final int AT_ONCE = 64;

    private static final HostConfig CONFIG = HostConfig.defaults()
            .with(HostConfig.IDLE_TIMEOUT, Duration.ZERO)
            .with(HostConfig.MAX_CONNECTIONS_PER_PEER, 2 * AT_ONCE)
            .with(HostConfig.MAX_PENDING_UPGRADES, 2 * AT_ONCE)
            .with(HostConfig.DRAIN_TIMEOUT, Duration.ofMillis(200))
            .with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(200));

    private final Hosts hosts = new Hosts();
    private final Queue<String> wrongAtTheListener = new ConcurrentLinkedQueue<>();
    private final Host server = hosts.start(Host.builder()
            .config(CONFIG)
            .listen(Hosts.LOOPBACK)
            .handle(ASK, HALF_OPEN, stream -> stream.pipeline().addLast(new Answering(wrongAtTheListener))));
    private final Host client = hosts.start(Host.builder().config(CONFIG));

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    // SEC-26, SEC-68
    @Test
    @Conforms({"CON-16", "CON-30", "CON-32"})
    void endsRightOrWithAClearErrorWhereverTheDialersBytesAreCut() throws Exception {
        int succeeded = cutAfterEachByte(Relay::mostForward, bytes -> new Passage(bytes, Relay.ALL, Then.CUT));

        assertThat(succeeded).as("sessions that lost only the final bytes").isLessThan(60);
    }

    // SEC-26, SEC-68
    @Test
    @Conforms({"CON-16", "CON-30", "CON-32"})
    void endsRightOrWithAClearErrorWhereverTheListenersBytesAreCut() throws Exception {
        int succeeded = cutAfterEachByte(Relay::mostBackward, bytes -> new Passage(Relay.ALL, bytes, Then.CUT));

        assertThat(succeeded).as("sessions that lost only the final bytes").isLessThan(60);
    }

    private int cutAfterEachByte(java.util.function.ToLongFunction<Relay> length, LongFunction<Passage> cut)
            throws Exception {
        // The host keeps the oldest connection to a peer. This direct one takes that role.
        Connection direct = await(client.dial(address(server)));
        int succeeded = 0;
        try (Lease lease = direct.hold();
                Relay relay = new Relay(server, Passage.FREE)) {
            assertThat(lease).isNotNull();
            assertThat(await(session(relay))).isEqualTo(REQUEST);
            long total = length.applyAsLong(relay);
            assertThat(total).isBetween(300L, 2_000L);

            for (long from = 0; from <= total; from += AT_ONCE) {
                List<CompletableFuture<byte[]>> sessions = new ArrayList<>();
                for (long bytes = from; bytes < from + AT_ONCE && bytes <= total; bytes++) {
                    relay.plan(cut.apply(bytes));
                    sessions.add(session(relay));
                }
                for (CompletableFuture<byte[]> session : sessions) {
                    succeeded += isRight(session) ? 1 : 0;
                }
            }
        }

        assertThat(wrongAtTheListener).isEmpty();
        for (Host host : List.of(client, server)) {
            awaitTrue("one connection is left", () -> limits(host).total() == 1);
            awaitTrue("and in the table", () -> host.connections().size() == 1);
            assertThat(limits(host).pending()).isZero();
            awaitTrue("no memory is held", () -> hosts.memory(host).heldBytes() == 0);
        }
        return succeeded;
    }

    private static boolean isRight(CompletableFuture<byte[]> session) {
        try {
            assertThat(await(session)).isEqualTo(REQUEST);
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(Libp2pException.class);
            return false;
        }
    }

    /** Completes with the answer when the connection is closed. */
    private CompletableFuture<byte[]> session(Relay relay) {
        return client.dial(relay.address(server), DialOptions.when(DialCondition.ALWAYS))
                .thenCompose(connection -> {
                    CompletableFuture<byte[]> answer = new CompletableFuture<>();
                    connection
                            .openStream(ASK, stream -> stream.pipeline().addLast(new Asking(answer)))
                            .exceptionally(failure -> {
                                answer.completeExceptionally(failure);
                                return null;
                            });
                    return answer.handle((bytes, failure) -> connection.close().thenApply(closed -> {
                                if (failure != null) {
                                    throw new CompletionException(
                                            failure instanceof CompletionException ? failure.getCause() : failure);
                                }
                                return bytes;
                            }))
                            .thenCompose(done -> done);
                });
    }

    /** Collects bytes until the end of the stream. Reports a failure if the stream ends in another way. */
    private abstract static class Collecting extends SimpleChannelInboundHandler<ByteBuf> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean over;

        abstract void received(ChannelHandlerContext ctx, byte[] more);

        abstract void ended(ChannelHandlerContext ctx, byte[] all);

        abstract void failed(Throwable cause);

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            byte[] more = new byte[in.readableBytes()];
            in.readBytes(more);
            bytes.writeBytes(more);
            received(ctx, more);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE && !over) {
                over = true;
                ended(ctx, bytes.toByteArray());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            over = true;
            failed(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!over) {
                failed(new AssertionError("the stream ended without a word"));
            }
        }
    }

    private static final class Asking extends Collecting {
        private final CompletableFuture<byte[]> answer;
        private boolean askedAll;

        Asking(CompletableFuture<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (ctx.channel().isActive()) {
                ask(ctx);
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ask(ctx);
            ctx.fireChannelActive();
        }

        private static void ask(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(REQUEST, 0, HALF));
        }

        /**
         * The second half of the request waits for the answer to the first half. So each direction can be cut between
         * several frames.
         */
        @Override
        void received(ChannelHandlerContext ctx, byte[] more) {
            if (!askedAll) {
                askedAll = true;
                ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(REQUEST, HALF, REQUEST.length - HALF));
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }

        @Override
        void ended(ChannelHandlerContext ctx, byte[] all) {
            answer.complete(all);
        }

        @Override
        void failed(Throwable cause) {
            answer.completeExceptionally(cause);
        }
    }

    private static final class Answering extends Collecting {
        private final Queue<String> wrong;

        Answering(Queue<String> wrong) {
            this.wrong = wrong;
        }

        @Override
        void ended(ChannelHandlerContext ctx, byte[] all) {
            if (!java.util.Arrays.equals(all, REQUEST)) {
                wrong.add("a clean end after " + all.length + " bytes");
            }
            ctx.channel().close();
        }

        @Override
        void received(ChannelHandlerContext ctx, byte[] more) {
            ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(more));
        }

        @Override
        void failed(@Nullable Throwable cause) {
            if (!(cause instanceof Libp2pException)) {
                wrong.add("ended with " + cause);
            }
        }
    }
}
