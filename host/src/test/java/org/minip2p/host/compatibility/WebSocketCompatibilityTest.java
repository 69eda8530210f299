package org.minip2p.host.compatibility;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets with Netty's protocol handlers. */
class WebSocketCompatibilityTest {
    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final byte[] UPGRADE = ascii("""
            GET /chat HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """);

    private static final Exchange WEB_SOCKET = Exchange.of(
                    "WebSocketServerProtocolHandler, WebSocketClientProtocolHandler",
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(65536),
                            new WebSocketServerProtocolHandler("/chat", null, true),
                            new Loudly()),
                    (pipeline, number, answer) -> pipeline.addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(65536),
                            new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                                    .webSocketUri("ws://localhost/chat")
                                    .dropPongFrames(false)
                                    .build()),
                            new Talker(number, answer)),
                    number -> "HELLO " + number + "|pong|closed")
            .thatEndsItself()
            // A text frame of 100 bytes of which only two arrive, and a frame that is not masked.
            .withHostileClientsThatOpen(
                    UPGRADE,
                    new byte[] {(byte) 0x81, (byte) (0x80 | 100), 1, 2, 3, 4, 'h', 'i'},
                    new byte[] {(byte) 0x81, 2, 'h', 'i'})
            .withHostileServers(
                    ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websoc"),
                    ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));

    @Test
    void webSocketsWorkAsOnTcp() throws Exception {
        CARRIERS.check(WEB_SOCKET);
    }

    /** As in Netty's example "http/websocketx/server". */
    private static final class Loudly extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                ctx.writeAndFlush(new TextWebSocketFrame(text.text().toUpperCase(Locale.US)));
            } else {
                throw new UnsupportedOperationException("no frame for this handler: " + frame);
            }
        }
    }

    /** As in Netty's example "http/websocketx/client": sends a text, pings, and closes. */
    private static final class Talker extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final int number;
        private final CompletableFuture<String> answer;
        private final List<String> seen = new ArrayList<>();

        Talker(int number, CompletableFuture<String> answer) {
            this.number = number;
            this.answer = answer;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                ctx.writeAndFlush(new TextWebSocketFrame("hello " + number));
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                seen.add(text.text());
                ctx.writeAndFlush(new PingWebSocketFrame());
            } else if (frame instanceof PongWebSocketFrame) {
                seen.add("pong");
                ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
            } else if (frame instanceof BinaryWebSocketFrame) {
                answer.completeExceptionally(new AssertionError("nobody sends such a frame"));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (seen.size() == 2) {
                answer.complete(String.join("|", seen) + "|closed");
            }
            ctx.fireChannelInactive();
        }
    }
}
