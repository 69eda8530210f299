package org.minip2p.multistream.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.multistream.MultistreamConfig;

/** Both ends on real sockets. One end writes and half-closes, and the other answers when its input has ended. */
class HalfCloseTest {
    private static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    private static final byte[] REQUEST = "a request".getBytes(UTF_8);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest
    @Conforms({"MSS-36", "MSS-37"})
    @DisplayName("SEC-14: an end that half-closes directly after its write still receives the answer")
    @ValueSource(booleans = {true, false})
    void answersAnInitiatorThatHasHalfClosedBeforeTheConfirmation(boolean isAutoRead) throws Exception {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, isAutoRead)
                .childHandler(initializer(() -> new MultistreamResponder(
                        ECHO::equals, MultistreamConfig.defaults(), installing(new AnswerAtTheEnd()))))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();

        Channel client = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, isAutoRead)
                .handler(initializer(() -> MultistreamInitiator.lazy(ECHO, installing(new AskAndHalfClose()))))
                .connect(server.localAddress())
                .sync()
                .channel();

        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(REQUEST);
        client.close().sync();
        server.close().sync();
    }

    private NegotiationListener installing(ChannelInboundHandlerAdapter next) {
        return new NegotiationListener() {
            @Override
            public void negotiated(ChannelHandlerContext ctx, ProtocolId protocol) {
                ctx.pipeline().addAfter(ctx.name(), null, next);
            }

            @Override
            public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
                answer.completeExceptionally(cause);
            }
        };
    }

    private static ChannelInitializer<Channel> initializer(Supplier<MultistreamStage> stage) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(stage.get());
            }
        };
    }

    /** Reads to the end of the input. Asks for each read if the channel does not read automatically. */
    private abstract static class ReadToTheEnd extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            received.writeBytes(ByteBufUtil.getBytes(in));
            in.release();
            ctx.read();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                end(ctx, received.toByteArray());
            }
        }

        abstract void end(ChannelHandlerContext ctx, byte[] bytes);
    }

    private final class AskAndHalfClose extends ReadToTheEnd {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            super.handlerAdded(ctx);
            ChannelFuture unused = ctx.write(Unpooled.wrappedBuffer(REQUEST)).addListener(written -> {
                ChannelFuture closed = ((DuplexChannel) ctx.channel()).shutdownOutput();
                closed.addListener(done -> {
                    if (!done.isSuccess()) {
                        answer.completeExceptionally(done.cause());
                    }
                });
            });
        }

        @Override
        void end(ChannelHandlerContext ctx, byte[] bytes) {
            answer.complete(bytes);
        }
    }

    private static final class AnswerAtTheEnd extends ReadToTheEnd {
        @Override
        void end(ChannelHandlerContext ctx, byte[] bytes) {
            ChannelFuture unused =
                    ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
