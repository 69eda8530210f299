package org.minip2p.host.compatibility;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Netty's handlers for time-outs. */
class TimeoutsCompatibilityTest {
    private static final int FLOOD_BYTES = 16 << 20;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final Exchange UNNOTICED = Exchange.of(
                    "IdleStateHandler, ReadTimeoutHandler, WriteTimeoutHandler; none fires",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new IdleStateHandler(60, 60, 60),
                            new ReadTimeoutHandler(60),
                            new WriteTimeoutHandler(60),
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Repeats()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new IdleStateHandler(60, 60, 60),
                            new ReadTimeoutHandler(60),
                            new WriteTimeoutHandler(60),
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Asker<>(String.class, List.of("line " + number + "\n"), 1, line -> line, answer)),
                    number -> "line " + number)
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"))
            .withHostileServers(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    private static final Exchange IDLE = Exchange.of(
                    "IdleStateHandler; fires",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new IdleStateHandler(2, 0, 0, MILLISECONDS),
                            new StringEncoder(),
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                                    if (event instanceof IdleStateEvent idle) {
                                        ctx.writeAndFlush(idle.state() + ", first " + idle.isFirst() + "\n")
                                                .addListener(ChannelFutureListener.CLOSE);
                                    }
                                }
                            }),
                    TimeoutsCompatibilityTest::listen,
                    number -> "READER_IDLE, first true")
            .thatEndsItself();

    private static final Exchange READ_TIMEOUT = Exchange.of(
                    "ReadTimeoutHandler; fires",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new ReadTimeoutHandler(2, MILLISECONDS),
                            new StringEncoder(),
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                    if (cause instanceof ReadTimeoutException) {
                                        ctx.writeAndFlush("nothing came in time\n");
                                    } else {
                                        ctx.fireExceptionCaught(cause);
                                    }
                                }
                            }),
                    TimeoutsCompatibilityTest::listen,
                    number -> "nothing came in time")
            .thatEndsItself();

    // The peer reads nothing for a while, so the written bytes do not leave. The writer is told, and the channel is
    // closed.
    private static final Exchange WRITE_TIMEOUT = Exchange.of(
                    "WriteTimeoutHandler; fires",
                    CLOSE_WITH_PEER,
                    pipeline -> {
                        Channel channel = pipeline.channel();
                        channel.config().setAutoRead(false);
                        channel.eventLoop().schedule(() -> channel.config().setAutoRead(true), 300, MILLISECONDS);
                    },
                    (pipeline, number, answer) -> pipeline.addLast(
                            new WriteTimeoutHandler(100, MILLISECONDS), new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelActive(ChannelHandlerContext ctx) {
                                    ctx.writeAndFlush(
                                            ctx.alloc().buffer(FLOOD_BYTES).writeZero(FLOOD_BYTES));
                                }

                                @Override
                                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                    if (cause instanceof WriteTimeoutException) {
                                        answer.complete("nothing left in time");
                                    } else {
                                        ctx.fireExceptionCaught(cause);
                                    }
                                }
                            }),
                    number -> "nothing left in time")
            .thatEndsItself();

    @Test
    void timeoutsThatDoNotFireLeaveNothingBehind() throws Exception {
        CARRIERS.check(UNNOTICED);
    }

    @Test
    void idleStatesAreToldAsOnTcp() throws Exception {
        CARRIERS.check(IDLE);
    }

    @Test
    void readTimeoutsFireAsOnTcp() throws Exception {
        CARRIERS.check(READ_TIMEOUT);
    }

    @Test
    void writeTimeoutsFireAsOnTcp() throws Exception {
        CARRIERS.check(WRITE_TIMEOUT, 1, 2);
    }

    private static void listen(ChannelPipeline pipeline, int number, CompletableFuture<String> answer) {
        pipeline.addLast(
                new LineBasedFrameDecoder(1024), new StringDecoder(), new SimpleChannelInboundHandler<String>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, String line) {
                        answer.complete(line);
                    }
                });
    }

    private static final class Repeats extends SimpleChannelInboundHandler<String> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            ctx.writeAndFlush(line + "\n");
        }
    }
}
