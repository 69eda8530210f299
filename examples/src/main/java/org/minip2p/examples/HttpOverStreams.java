package org.minip2p.examples;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Host;
import org.minip2p.host.PauseWhileUnwritable;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamQuota;

/**
 * HTTP over streams: Netty's HTTP server on each stream, and a local port for any HTTP client.
 *
 * <pre>
 * examples/run HttpOverStreams serve /ip4/127.0.0.1/tcp/4001        prints its address
 * examples/run HttpOverStreams open ADDRESS 8080
 * curl http://localhost:8080/whoami
 * </pre>
 */
public final class HttpOverStreams {
    static final ProtocolId ID = new ProtocolId("/examples/http/1.1");
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final int READ_SECONDS = 30;
    private static final String USAGE = "HttpOverStreams serve LISTEN | HttpOverStreams open ADDRESS LOCAL_PORT";

    private HttpOverStreams() {}

    /** Serves HTTP/1.1 with up to 32 streams of a peer at once, each like one TCP connection of a web server. */
    static void serve(Host host) {
        StreamHandler pages = stream -> stream.pipeline()
                .addLast(PauseWhileUnwritable.INSTANCE, new ReadTimeoutHandler(READ_SECONDS), new HttpServerCodec())
                .addLast(new HttpServerKeepAliveHandler(), new HttpObjectAggregator(MAX_BODY_BYTES))
                .addLast(new Pages(stream.remotePeer()));
        host.handle(ID, CLOSE_WITH_PEER, host.protocolContext().limited(StreamQuota.ofOpen(32), pages));
    }

    /** The pages. The peer needs no password or cookie: its connection has proved its id. */
    private static final class Pages extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final PeerId peer;

        Pages(PeerId peer) {
            this.peer = peer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            if (request.decoderResult().isFailure()) {
                answer(ctx, HttpResponseStatus.BAD_REQUEST, text(ctx, "no HTTP\n"));
            } else if (request.uri().equals("/whoami")) {
                answer(ctx, HttpResponseStatus.OK, text(ctx, peer + "\n"));
            } else if (request.uri().equals("/echo") && request.method().equals(HttpMethod.POST)) {
                answer(ctx, HttpResponseStatus.OK, request.content().retain());
            } else {
                answer(ctx, HttpResponseStatus.NOT_FOUND, text(ctx, "no such page\n"));
            }
        }

        private static ByteBuf text(ChannelHandlerContext ctx, String text) {
            return ByteBufUtil.writeUtf8(ctx.alloc(), text);
        }

        private static void answer(ChannelHandlerContext ctx, HttpResponseStatus status, ByteBuf content) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
            ctx.writeAndFlush(response);
        }
    }

    public static void main(String[] args) {
        Program.main(USAGE, () -> run(args));
    }

    static void run(String... args) throws Exception {
        if (args.length == 2 && args[0].equals("serve")) {
            Multiaddr listen = Multiaddr.parse(args[1]);
            try (Host host = Host.builder().start().join()) {
                serve(host);
                host.listen(listen).join();
                System.out.println("listening on " + host.addresses().get(0));
                Program.serveUntilInputEnds();
            }
        } else if (args.length == 3 && args[0].equals("open")) {
            try (LocalPort local = new LocalPort(Program.port(args[2]), Program.peerAddress(args[1]), ID)) {
                System.out.println("listening on port " + local.port());
                Program.serveUntilInputEnds();
            }
        } else {
            throw Program.wrongArguments(args);
        }
    }
}
