package org.minip2p.host.compatibility;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;
import static io.netty.handler.codec.http.HttpHeaderValues.KEEP_ALIVE;
import static io.netty.handler.codec.http.HttpHeaderValues.TEXT_PLAIN;
import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.minip2p.host.PeerEnd;

/** HTTP/1.1 with Netty's codecs. */
class HttpCompatibilityTest {
    private static final int LARGE_BYTES = 32 << 20;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final byte[] HALF_A_REQUEST = ascii("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
    private static final byte[] HALF_A_RESPONSE = ascii("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    private static final byte[] GARBAGE = ascii("\u0001\u0002 no HTTP\r\n\r\n");

    private static final Exchange KEEP_ALIVE_EXCHANGE = Exchange.of(
                    "HttpServerCodec, HttpObjectAggregator, HttpClientCodec; keep-alive, three requests",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Hello()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(1 << 20),
                            new Browser(number, List.of(true, true, false), answer)),
                    number -> "200 hello /" + number + "/0|200 hello /" + number + "/1|200 hello /" + number
                            + "/2|closed")
            .thatEndsItself()
            .withHostileClients(HALF_A_REQUEST, GARBAGE)
            .withHostileServers(HALF_A_RESPONSE, GARBAGE);

    private static final Exchange PIPELINED = Exchange.of(
            "HttpServerCodec, HttpObjectAggregator; four requests in one write",
            CLOSE_WITH_PEER,
            pipeline -> pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Hello()),
            (pipeline, number, answer) -> pipeline.addLast(
                    new HttpClientCodec(),
                    new HttpObjectAggregator(1 << 20),
                    new Asker<>(
                            FullHttpResponse.class,
                            List.of(request("/a", true), request("/b", true), request("/c", true), request("/d", true)),
                            4,
                            response -> response.content().toString(StandardCharsets.UTF_8),
                            answer)),
            number -> "hello /a|hello /b|hello /c|hello /d");

    private static final Exchange LARGE = Exchange.of(
            "HttpServerCodec, HttpClientCodec; an answer of 32 MiB in one write",
            CLOSE_WITH_PEER,
            pipeline -> pipeline.addLast(
                    new HttpServerCodec(),
                    new HttpObjectAggregator(1 << 20),
                    new SimpleChannelInboundHandler<FullHttpRequest>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                            ctx.writeAndFlush(response(Unpooled.wrappedBuffer(new byte[LARGE_BYTES]), true));
                        }
                    }),
            (pipeline, number, answer) -> pipeline.addLast(new HttpClientCodec(), new Download(answer)),
            number -> "200, 33554432 bytes, end");

    private static final Exchange CHUNKED = Exchange.of(
            "HttpServerCodec, ChunkedWriteHandler, HttpChunkedInput; an answer of 32 MiB in chunks",
            CLOSE_WITH_PEER,
            pipeline -> pipeline.addLast(
                    new HttpServerCodec(),
                    new HttpObjectAggregator(1 << 20),
                    new ChunkedWriteHandler(),
                    new SimpleChannelInboundHandler<FullHttpRequest>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                            HttpResponse head = new DefaultHttpResponse(HTTP_1_1, OK);
                            HttpUtil.setTransferEncodingChunked(head, true);
                            ctx.write(head);
                            ctx.writeAndFlush(new HttpChunkedInput(new ChunkedStream(new Zeros(LARGE_BYTES))));
                        }
                    }),
            (pipeline, number, answer) -> pipeline.addLast(new HttpClientCodec(), new Download(answer)),
            number -> "200, 33554432 bytes, end");

    private static Exchange untilTheEnd(PeerEnd peerEnd) {
        return Exchange.of(
                        "HttpServerCodec, HttpClientCodec; the answer ends with the channel",
                        peerEnd,
                        pipeline -> pipeline.addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(1 << 20),
                                new SimpleChannelInboundHandler<FullHttpRequest>() {
                                    @Override
                                    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                                        FullHttpResponse answer =
                                                response(Unpooled.wrappedBuffer(ascii("x".repeat(5000))), false);
                                        answer.headers().remove(CONTENT_LENGTH);
                                        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
                                    }
                                }),
                        (pipeline, number, answer) -> pipeline.addLast(new HttpClientCodec(), new Download(answer)),
                        number -> "200, 5000 bytes, end")
                .thatEndsItself();
    }

    @Test
    void keepAliveWorksAsOnTcp() throws Exception {
        CARRIERS.check(KEEP_ALIVE_EXCHANGE);
    }

    @Test
    void pipelinedRequestsWorkAsOnTcp() throws Exception {
        CARRIERS.check(PIPELINED);
    }

    @Test
    void aLargeAnswerInOneWriteWorksAsOnTcp() throws Exception {
        CARRIERS.check(LARGE, Carriers.LARGE, Carriers.LARGE_AT_ONCE);
    }

    @Test
    void aLargeAnswerInChunksWorksAsOnTcp() throws Exception {
        CARRIERS.check(CHUNKED, Carriers.LARGE, Carriers.LARGE_AT_ONCE);
    }

    @Test
    void anAnswerThatEndsWithItsChannelWorksAsOnTcp() throws Exception {
        CARRIERS.check(untilTheEnd(CLOSE_WITH_PEER));
        CARRIERS.check(untilTheEnd(HALF_OPEN));
    }

    private static FullHttpRequest request(String path, boolean keepAlive) {
        FullHttpRequest request = new DefaultFullHttpRequest(HTTP_1_1, HttpMethod.GET, path);
        request.headers().set(HOST, "localhost").set(CONNECTION, keepAlive ? KEEP_ALIVE : CLOSE);
        return request;
    }

    private static FullHttpResponse response(ByteBuf content, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(HTTP_1_1, OK, content);
        response.headers()
                .set(CONTENT_TYPE, TEXT_PLAIN)
                .setInt(CONTENT_LENGTH, content.readableBytes())
                .set(CONNECTION, keepAlive ? KEEP_ALIVE : CLOSE);
        return response;
    }

    /** As in Netty's example "http/helloworld". */
    private static final class Hello extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            if (request.decoderResult().isFailure()) {
                ctx.writeAndFlush(new DefaultFullHttpResponse(HTTP_1_1, BAD_REQUEST))
                        .addListener(ChannelFutureListener.CLOSE);
                return;
            }
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            FullHttpResponse response =
                    response(Unpooled.copiedBuffer("hello " + request.uri(), StandardCharsets.UTF_8), keepAlive);
            ChannelFuture written = ctx.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    /** Sends one request after the other. If the last one asks for a close, it waits for that close. */
    private static final class Browser extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final int number;
        private final List<Boolean> keepAlive;
        private final CompletableFuture<String> answer;
        private final List<String> seen = new ArrayList<>();

        Browser(int number, List<Boolean> keepAlive, CompletableFuture<String> answer) {
            this.number = number;
            this.keepAlive = keepAlive;
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            int next = seen.size();
            ctx.writeAndFlush(request("/" + number + "/" + next, keepAlive.get(next)));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            if (response.decoderResult().isFailure()) {
                answer.completeExceptionally(response.decoderResult().cause());
                return;
            }
            seen.add(response.status().code() + " " + response.content().toString(StandardCharsets.UTF_8));
            if (seen.size() < keepAlive.size()) {
                send(ctx);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (seen.size() == keepAlive.size()) {
                answer.complete(String.join("|", seen) + "|closed");
            }
            ctx.fireChannelInactive();
        }
    }

    /** Sends one request, and counts the bytes of the answer. */
    private static final class Download extends SimpleChannelInboundHandler<HttpObject> {
        private final CompletableFuture<String> answer;
        private int status;
        private long bytes;

        Download(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            FullHttpRequest request = request("/large", true);
            request.headers().set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
            ctx.writeAndFlush(request);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part instanceof HttpResponse head) {
                status = head.status().code();
            }
            if (part instanceof HttpContent content) {
                bytes += content.content().readableBytes();
            }
            if (part instanceof LastHttpContent) {
                answer.complete(status + ", " + bytes + " bytes, end");
            }
        }
    }

    /** A number of zeros. */
    private static final class Zeros extends InputStream {
        private int left;

        Zeros(int bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int read = Math.min(left, length);
            left -= read;
            return read;
        }

        @Override
        public int available() {
            return Math.max(0, left);
        }
    }
}
