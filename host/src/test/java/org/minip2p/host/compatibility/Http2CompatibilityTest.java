package org.minip2p.host.compatibility;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP/2 with prior knowledge, with Netty's frame codec and multiplexer: streams within a stream. */
class Http2CompatibilityTest {
    private static final int REQUESTS = 3;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final byte[] HALF_A_FRAME = {0, 0, 100, 1, 4, 0, 0, 0, 1, 2, 3};
    private static final byte[] SETTINGS_OF_A_STREAM = {0, 0, 0, 4, 0, 0, 0, 0, 7};

    private static final Exchange HTTP2 = Exchange.of(
                    "Http2FrameCodec, Http2MultiplexHandler; three requests at once",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Hello());
                                }
                            })),
                    (pipeline, number, answer) -> pipeline.addLast(
                            Http2FrameCodecBuilder.forClient()
                                    .initialSettings(Http2Settings.defaultSettings())
                                    .build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            new Requests(number, answer)),
                    number -> "200 hello /" + number + "/0|200 hello /" + number + "/1|200 hello /" + number + "/2")
            .withHostileClients(
                    join(PREFACE, SETTINGS, HALF_A_FRAME), ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            .withHostileServers(join(SETTINGS, HALF_A_FRAME), SETTINGS_OF_A_STREAM);

    @Test
    void http2WorksAsOnTcp() throws Exception {
        CARRIERS.check(HTTP2);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** As in Netty's example "http2/helloworld/multiplex/server". */
    private static final class Hello extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
            if (frame instanceof Http2HeadersFrame request && request.isEndStream()) {
                ByteBuf content = ctx.alloc().buffer();
                ByteBufUtil.writeAscii(content, "hello " + request.headers().path());
                Http2Headers headers = new DefaultHttp2Headers().status(OK.codeAsText());
                ctx.write(new DefaultHttp2HeadersFrame(headers).stream(request.stream()));
                ctx.write(new DefaultHttp2DataFrame(content, true).stream(request.stream()));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    /** Opens some streams, and reports their answers when the last one is complete. */
    private static final class Requests extends ChannelInboundHandlerAdapter {
        private final int number;
        private final CompletableFuture<String> answer;
        private final String[] answers = new String[REQUESTS];
        private int answered;

        Requests(int number, CompletableFuture<String> answer) {
            this.number = number;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            for (int i = 0; i < REQUESTS; i++) {
                int request = i;
                new Http2StreamChannelBootstrap(ctx.channel())
                        .handler(new Response(text -> answered(request, text)))
                        .open()
                        .addListener(opened -> {
                            if (opened.isSuccess()) {
                                Http2StreamChannel stream = (Http2StreamChannel) opened.getNow();
                                Http2Headers headers = new DefaultHttp2Headers()
                                        .method("GET")
                                        .path("/" + number + "/" + request)
                                        .scheme("http")
                                        .authority("localhost");
                                stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
                            } else {
                                answer.completeExceptionally(opened.cause());
                            }
                        });
            }
        }

        private void answered(int request, String text) {
            answers[request] = text;
            if (++answered == REQUESTS) {
                answer.complete(String.join("|", answers));
            }
        }
    }

    private static final class Response extends SimpleChannelInboundHandler<Http2StreamFrame> {
        private final Consumer<String> done;
        private final StringBuilder text = new StringBuilder();

        Response(Consumer<String> done) {
            this.done = done;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
            if (frame instanceof Http2HeadersFrame head) {
                text.append(head.headers().status()).append(' ');
            } else if (frame instanceof Http2DataFrame data) {
                text.append(data.content().toString(StandardCharsets.US_ASCII));
                if (data.isEndStream()) {
                    done.accept(text.toString());
                }
            }
        }
    }
}
