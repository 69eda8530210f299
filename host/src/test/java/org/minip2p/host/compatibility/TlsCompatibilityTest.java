package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.simple.CapturedLog;

/** TLS inside a stream, with Netty's handler and the JDK's engine. */
class TlsCompatibilityTest {
    /**
     * 32 MiB take too long in a regular build, whose JIT compiler does not use the processor's instructions for AES.
     */
    private static final int LARGE_BYTES = Carriers.STREAMS < 10_000 ? 2 << 20 : 32 << 20;

    /** A handshake takes as long as many small exchanges, so a regular build has time for only some. */
    private static final int STREAMS =
            Carriers.STREAMS < 10_000 ? Math.max(20, Carriers.STREAMS / 10) : Carriers.STREAMS;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final SelfSigned IDENTITY = SelfSigned.localhost();
    private static final SslContext AT_SERVER = server();
    private static final SslContext AT_CLIENT = client();

    private static final Exchange TLS = Exchange.of(
                    "SslHandler, ApplicationProtocolNegotiationHandler; ALPN",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            AT_SERVER.newHandler(pipeline.channel().alloc()),
                            new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                                @Override
                                protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                                    ctx.pipeline()
                                            .addBefore(tail(ctx.pipeline()), null, new LineBasedFrameDecoder(1024))
                                            .addBefore(tail(ctx.pipeline()), null, new StringDecoder())
                                            .addBefore(tail(ctx.pipeline()), null, new StringEncoder())
                                            .addBefore(tail(ctx.pipeline()), null, new Names(protocol));
                                }
                            }),
                    (pipeline, number, answer) -> pipeline.addLast(
                            AT_CLIENT.newHandler(pipeline.channel().alloc(), "localhost", 443),
                            new LineBasedFrameDecoder(1024),
                            new StringDecoder(),
                            new StringEncoder(),
                            new Asker<>(
                                    String.class,
                                    List.of("hello " + number + "\n"),
                                    1,
                                    line -> line + " by "
                                            + pipeline.get(SslHandler.class).applicationProtocol(),
                                    answer)),
                    number -> "h2: hello " + number + " by h2")
            // Half of a TLS record, and bytes that are no record.
            .withHostileClients(new byte[] {22, 3, 1, 1, 0, 1, 0, 0}, ascii("GET / HTTP/1.1\r\n\r\n"))
            .withHostileServers(new byte[] {22, 3, 3, 0, 100, 2, 0, 0}, ascii("HTTP/1.1 400 Bad Request\r\n\r\n"));

    private static final Exchange LARGE = Exchange.of(
            "SslHandler; " + (LARGE_BYTES >> 20) + " MiB in one write",
            CLOSE_WITH_PEER,
            pipeline -> pipeline.addLast(
                    AT_SERVER.newHandler(pipeline.channel().alloc()), new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[LARGE_BYTES]));
                        }
                    }),
            (pipeline, number, answer) -> pipeline.addLast(
                    AT_CLIENT.newHandler(pipeline.channel().alloc(), "localhost", 443), new Counter(answer)),
            number -> LARGE_BYTES + " bytes, all zero");

    @Test
    void tlsWithAlpnWorksAsOnTcp() throws Exception {
        // The handler logs a warning for each hostile peer.
        try (CapturedLog log = new CapturedLog(ApplicationProtocolNegotiationHandler.class)) {
            CARRIERS.check(TLS, STREAMS, Math.min(Carriers.AT_ONCE, STREAMS));

            assertThat(log.lines()).anyMatch(line -> line.contains("TLS handshake failed"));
        }
    }

    @Test
    void aLargeAnswerThroughTlsWorksAsOnTcp() throws Exception {
        CARRIERS.check(LARGE, Carriers.LARGE, Carriers.LARGE_AT_ONCE);
    }

    private static SslContext server() {
        try {
            return SslContextBuilder.forServer(IDENTITY.key(), IDENTITY.certificate())
                    .sslProvider(SslProvider.JDK)
                    .applicationProtocolConfig(alpn())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SslContext client() {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(IDENTITY.certificate())
                    .applicationProtocolConfig(alpn())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ApplicationProtocolConfig alpn() {
        return new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1);
    }

    /** The name of the handler that the suite has added last. */
    private static String tail(ChannelPipeline pipeline) {
        return pipeline.context(Carrier.ServerTail.class).name();
    }

    private static final class Names extends SimpleChannelInboundHandler<String> {
        private final String protocol;

        Names(String protocol) {
            this.protocol = protocol;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String line) {
            ctx.writeAndFlush(protocol + ": " + line + "\n");
        }
    }

    private static final class Counter extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<String> answer;
        private long bytes;

        Counter(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            if (in.forEachByte(each -> each == 0) >= 0) {
                answer.completeExceptionally(new AssertionError("a byte that nobody sent"));
            }
            bytes += in.readableBytes();
            if (bytes == LARGE_BYTES) {
                answer.complete(bytes + " bytes, all zero");
            }
        }
    }
}
