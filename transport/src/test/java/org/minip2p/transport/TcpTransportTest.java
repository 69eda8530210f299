package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.Conforms;

@ParameterizedClass
@ValueSource(strings = {"nio", "epoll", "io_uring", "kqueue"})
class TcpTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final TcpTransport transport;

    TcpTransportTest(String backend) {
        IoBackend.unavailability(backend).ifPresent(reason -> abort("no " + backend + " here: " + reason));
        transport = new TcpTransport(IoBackend.named(backend), 1);
    }

    @AfterEach
    void endEventLoops() {
        assertThat(transport.shutdown()).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void carriesBytesOverBothFamiliesAndKeepsAHalfClosedSocketOpen(String ip) {
        Channel listener = listen(anyPortOf(ip), new AnswersAtEnd());
        CompletableFuture<String> answer = new CompletableFuture<>();

        Channel dialed = dial((InetSocketAddress) listener.localAddress(), new CollectsAnswer(answer));
        dialed.writeAndFlush(text("half")).syncUninterruptibly();
        ((SocketChannel) dialed).shutdownOutput().syncUninterruptibly();

        assertThat(answer.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo("answered");
        listener.close().syncUninterruptibly();
    }

    @Test
    @Conforms("CON-42")
    void reportsTheRealPort() {
        Channel listener = listen(anyPortOf("127.0.0.1"), new ChannelInboundHandlerAdapter());

        assertThat(((InetSocketAddress) listener.localAddress()).getPort()).isPositive();
        listener.close().syncUninterruptibly();
    }

    @Test
    @Conforms("CON-15")
    void sendsSmallPiecesAtOnceOnDialedAndAcceptedSockets() {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        Channel listener = listen(anyPortOf("127.0.0.1"), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                accepted.complete(ctx.channel());
            }
        });

        Channel dialed = dial((InetSocketAddress) listener.localAddress(), new ChannelInboundHandlerAdapter());

        assertThat(dialed.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
        assertThat(accepted.orTimeout(5, TimeUnit.SECONDS).join().config().getOption(ChannelOption.TCP_NODELAY))
                .isTrue();
        listener.close().syncUninterruptibly();
    }

    /**
     * A socket that is closed with unread bytes resets the connection. A socket that has shut down its output first
     * does not, with every back end.
     */
    @Test
    void deliversWhatWasWrittenBeforeTheOutputWasShutDownWhileMoreComesIn() {
        int size = 700_000;
        Channel listener = listen(anyPortOf("127.0.0.1"), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[size]))
                        .addListener(written -> ((SocketChannel) ctx.channel()).shutdownOutput());
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event == ChannelInputShutdownEvent.INSTANCE) {
                    ctx.close();
                }
            }
        });
        CompletableFuture<Integer> received = new CompletableFuture<>();

        Channel dialed = dial((InetSocketAddress) listener.localAddress(), new CountsBytes(received));
        dialed.writeAndFlush(Unpooled.wrappedBuffer(new byte[10_000]));

        assertThat(received.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(size);
        dialed.closeFuture().syncUninterruptibly();
        listener.close().syncUninterruptibly();
    }

    @Test
    void failsToListenOnAPortInUse() {
        Channel first = listen(anyPortOf("127.0.0.1"), new ChannelInboundHandlerAdapter());

        ChannelFuture second = transport
                .listen(
                        (InetSocketAddress) first.localAddress(),
                        new ChannelInboundHandlerAdapter(),
                        new ChannelInboundHandlerAdapter())
                .awaitUninterruptibly();

        assertThat(second.isSuccess()).isFalse();
        assertThat(second.cause()).hasMessageContaining("in use");
        first.close().syncUninterruptibly();
    }

    @Test
    void failsToConnectWhereNobodyListens() throws IOException {
        // The socket is bound but does not listen. So no other process gets the port, and the system refuses at once.
        try (Socket bound = new Socket()) {
            bound.bind(anyPortOf("127.0.0.1"));

            ChannelFuture connect = transport
                    .connect(
                            (InetSocketAddress) bound.getLocalSocketAddress(),
                            PATIENCE,
                            new ChannelInboundHandlerAdapter())
                    .awaitUninterruptibly();

            assertThat(connect.cause()).isInstanceOf(ConnectException.class);
        }
    }

    private Channel listen(InetSocketAddress address, ChannelInboundHandlerAdapter handler) {
        ChannelFuture bound = transport
                .listen(address, new ChannelInboundHandlerAdapter(), handler)
                .syncUninterruptibly();
        return bound.channel();
    }

    private Channel dial(InetSocketAddress address, ChannelInboundHandlerAdapter handler) {
        return transport
                .connect(address, PATIENCE, handler)
                .syncUninterruptibly()
                .channel();
    }

    private static InetSocketAddress anyPortOf(String ip) {
        return new InetSocketAddress(ip, 0);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Writes an answer when the other side has half-closed, then closes. */
    private static final class AnswersAtEnd extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            // It answers only the end of the input.
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ctx.writeAndFlush(text("answered")).addListener(written -> ctx.close());
            }
        }
    }

    /** Counts the bytes until the end of the input, and then closes. */
    private static final class CountsBytes extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Integer> total;
        private int count;

        CountsBytes(CompletableFuture<Integer> total) {
            this.total = total;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            count += in.readableBytes();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                total.complete(count);
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            total.completeExceptionally(cause);
        }
    }

    private static final class CollectsAnswer extends SimpleChannelInboundHandler<ByteBuf> {
        private final StringBuilder received = new StringBuilder();
        private final CompletableFuture<String> answer;

        CollectsAnswer(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            received.append(in.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                answer.complete(received.toString());
                ctx.close();
            }
        }
    }
}
