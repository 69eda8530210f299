package org.minip2p.cli;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.minip2p.core.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics} on a port of loopback, over HTTP 1.1 with one answer per connection. A scraper that does not send its request, or
 * does not read, is disconnected at a time limit, and only a few may connect at once. If the page cannot be rendered, the answer is 500; that
 * is logged at ERROR once, until a page can be rendered again. Thread-safe.
 */
final class MetricsPage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);

    static final int MAX_SCRAPERS = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long END_MILLIS = 1_000;
    private static final int MAX_REQUEST_BYTES = 8 * 1024;
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> page;
    private final Duration patience;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("metrics-page", true), NioIoHandler.newFactory());
    private final ChannelGroup scrapers = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;

    /** Whether the last page could not be rendered. Confined to the one event loop. */
    private boolean isFailing;

    private MetricsPage(int port, Supplier<String> page, Duration patience) throws CommandFailedException {
        this.page = page;
        this.patience = patience;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new Scrapers())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new CommandFailedException(
                    "cannot serve metrics at " + address + ": " + Failures.text(bound.cause()), bound.cause());
        }
        listener = bound.channel();
    }

    /**
     * Starts serving.
     *
     * @param port the port; 0 for a free one
     * @param page renders the page, in Prometheus' text format; called on a thread of this object
     * @throws CommandFailedException when the port is not available
     */
    static MetricsPage start(int port, Supplier<String> page) throws CommandFailedException {
        return start(port, page, PATIENCE);
    }

    static MetricsPage start(int port, Supplier<String> page, Duration patience) throws CommandFailedException {
        return new MetricsPage(port, page, patience);
    }

    /** The address of the page. */
    String url() {
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        return "http://127.0.0.1:" + address.getPort() + "/metrics";
    }

    /** The number of connections. */
    int scrapers() {
        return scrapers.size();
    }

    /** Disconnects all scrapers, and waits until everything is released, at most a few seconds. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly(END_MILLIS);
        scrapers.close().awaitUninterruptibly(END_MILLIS);
        loop.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * END_MILLIS);
    }

    private final class Scrapers extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            if (scrapers.size() >= MAX_SCRAPERS) {
                channel.close();
                return;
            }
            scrapers.add(channel);
            // One time limit for everything, which the other end cannot extend.
            var deadline =
                    channel.eventLoop().schedule(() -> channel.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(closed -> deadline.cancel(false));
            channel.pipeline()
                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES), new Answer());
        }
    }

    private final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
        private boolean isAnswered;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            if (isAnswered) {
                return; // more requests in one packet: the connection closes after the first answer
            }
            isAnswered = true;
            ctx.channel().config().setAutoRead(false);
            FullHttpResponse response = answer(request);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                    .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }

        private FullHttpResponse answer(FullHttpRequest request) {
            if (!request.decoderResult().isSuccess()) {
                return response(HttpResponseStatus.BAD_REQUEST, "");
            }
            if (!request.method().equals(HttpMethod.GET)) {
                return response(HttpResponseStatus.METHOD_NOT_ALLOWED, "");
            }
            return request.uri().equals("/metrics") ? page() : response(HttpResponseStatus.NOT_FOUND, "");
        }

        private FullHttpResponse page() {
            try {
                FullHttpResponse made = response(HttpResponseStatus.OK, page.get());
                isFailing = false;
                return made;
            } catch (Throwable e) { // the registry calls foreign code for its values
                if (isFailing) {
                    LOG.debug("the metrics page still cannot be rendered error={}", e.toString());
                } else {
                    isFailing = true;
                    LOG.error("the metrics page cannot be rendered, answering with status 500", e);
                }
                return response(HttpResponseStatus.INTERNAL_SERVER_ERROR, "");
            }
        }

        private static FullHttpResponse response(HttpResponseStatus status, String body) {
            return new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("scraper={} error={}", ctx.channel().remoteAddress(), Printable.of(cause.toString()));
            ctx.close();
        }
    }
}
