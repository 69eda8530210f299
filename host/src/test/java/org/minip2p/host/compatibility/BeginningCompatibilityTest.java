package org.minip2p.host.compatibility;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers that begin in {@code channelActive}. */
class BeginningCompatibilityTest {
    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final Exchange BOTH_BEGIN = Exchange.of(
                    "a handler that begins in channelActive on both sides",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Greeter("server", new CompletableFuture<>())),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Greeter("client " + number, answer)),
                    number -> "server is active, 1 time|you are client " + number + " is active, 1 time")
            .withHostileClients(ascii("half a li"), ascii("x".repeat(5000) + "\n"))
            .withHostileServersThatBegin(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    private static final Exchange SERVER_BEGINS = Exchange.of(
                    "a handler that begins in channelActive on the accepting side; ChannelInitializer",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new LineBasedFrameDecoder(1024),
                                            new StringDecoder(),
                                            new StringEncoder(),
                                            new Greeter("server", new CompletableFuture<>()));
                        }
                    }),
                    (pipeline, number, answer) -> pipeline.addLast(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new LineBasedFrameDecoder(1024),
                                            new StringDecoder(),
                                            new Asker<>(String.class, List.of(), 1, line -> line, answer));
                        }
                    }),
                    number -> "server is active, 1 time")
            .withHostileServersThatBegin(ascii("half a li"), ascii("x".repeat(5000) + "\n"));

    @Test
    void handlersThatBeginOnBothSidesWorkAsOnTcp() throws Exception {
        CARRIERS.check(BOTH_BEGIN);
    }

    @Test
    void aHandlerThatBeginsOnTheSideThatWasCalledWorksAsOnTcp() throws Exception {
        CARRIERS.check(SERVER_BEGINS);
    }

    /** Reports how often its channel has become active, and repeats the first text that it hears. */
    private static final class Greeter extends SimpleChannelInboundHandler<String> {
        private final String name;
        private final CompletableFuture<String> answer;
        private final StringBuilder heard = new StringBuilder();
        private int times;

        Greeter(String name, CompletableFuture<String> answer) {
            this.name = name;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            times++;
            ctx.writeAndFlush(name + " is active, " + times + " time\n");
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            if (heard.isEmpty()) {
                heard.append(line);
                ctx.writeAndFlush("you are " + line + "\n");
            } else {
                answer.complete(heard + "|" + line);
            }
        }
    }
}
