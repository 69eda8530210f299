package org.minip2p.cli;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FixedRedisMessagePool;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisArrayAggregator;
import io.netty.handler.codec.redis.RedisBulkStringAggregator;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.RedisEncoder;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The few Redis commands that the public transport tests need, one after the other over one connection. Each blocks its caller until
 * Redis has replied. Not thread-safe.
 */
final class RedisClient implements AutoCloseable {
    /** Longer than any error of the server, in bytes. */
    private static final int MAX_LINE_BYTES = 16 * 1024;

    private static final int MAX_ELEMENTS = 16;

    /** How much longer than the requested wait a reply may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Replies replies = new Replies();
    private final Channel channel;

    private RedisClient(String host, int port) throws IOException, InterruptedException {
        ChannelFuture connected = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) PATIENCE.toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        socket.pipeline()
                                .addLast(new RedisDecoder(MAX_LINE_BYTES, FixedRedisMessagePool.INSTANCE))
                                .addLast(new RedisBulkStringAggregator())
                                .addLast(new RedisArrayAggregator(MAX_ELEMENTS, 1))
                                .addLast(new RedisEncoder())
                                .addLast(replies);
                    }
                })
                .connect(host, port);
        channel = connected.channel();
        try {
            if (!connected.await().isSuccess()) {
                throw new IOException(Failures.text(connected.cause()), connected.cause());
            }
            command(Duration.ZERO, "PING");
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Connects, and checks that the server answers. */
    static RedisClient connect(String host, int port) throws IOException, InterruptedException {
        return new RedisClient(host, port);
    }

    /** Removes the value under a key. */
    void delete(String key) throws IOException, InterruptedException {
        command(Duration.ZERO, "DEL", key);
    }

    /** Stores a text under a key, and replaces what was there. */
    void set(String key, String value) throws IOException, InterruptedException {
        command(Duration.ZERO, "SET", key, value);
    }

    /** The text under a key, or null if there is none. */
    @Nullable String get(String key) throws IOException, InterruptedException {
        Object reply = command(Duration.ZERO, "GET", key);
        if (reply == null || reply instanceof String) {
            return (String) reply;
        }
        throw new IOException("expected a string, got " + reply);
    }

    /** Appends a text to a list. */
    void push(String key, String value) throws IOException, InterruptedException {
        command(Duration.ZERO, "RPUSH", key, value);
    }

    /**
     * Removes the first text of a list; waits until there is one.
     *
     * @param wait the longest wait, in whole seconds, at least one
     * @return the text, or null if none arrived in time
     */
    @Nullable String pop(String key, Duration wait) throws IOException, InterruptedException {
        Object reply = command(wait, "BLPOP", key, Long.toString(wait.toSeconds()));
        if (reply == null) {
            return null;
        }
        if (reply instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof String value) {
            return value;
        }
        throw new IOException("expected a key and a value, got " + reply);
    }

    private @Nullable Object command(Duration wait, String... words) throws IOException, InterruptedException {
        List<RedisMessage> request = new ArrayList<>();
        for (String word : words) {
            request.add(new FullBulkStringRedisMessage(ByteBufUtil.writeUtf8(channel.alloc(), word)));
        }
        channel.writeAndFlush(new ArrayRedisMessage(request)).addListener(written -> {
            if (!written.isSuccess()) {
                replies.fail(written.cause());
            }
        });
        return replies.next(wait.plus(PATIENCE));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, PATIENCE.toSeconds(), TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Passes replies from the event loop to the thread that waits for them. */
    private static final class Replies extends SimpleChannelInboundHandler<RedisMessage> {
        /** A value, or why there is none. */
        private record Reply(
                @Nullable Object value, @Nullable IOException failure) {}

        private final BlockingQueue<Reply> queue = new LinkedBlockingQueue<>();

        /** A text, a number, a list of these, or null for none. */
        @Nullable Object next(Duration limit) throws IOException, InterruptedException {
            Reply reply = queue.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (reply == null) {
                throw new IOException("no reply within " + limit.toSeconds() + " s");
            }
            if (reply.failure() != null) {
                throw reply.failure();
            }
            return reply.value();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, RedisMessage message) throws IOException {
            queue.add(new Reply(value(message), null));
        }

        private static @Nullable Object value(RedisMessage message) throws IOException {
            if (message instanceof SimpleStringRedisMessage text) {
                return text.content();
            }
            if (message instanceof IntegerRedisMessage number) {
                return number.value();
            }
            if (message instanceof FullBulkStringRedisMessage text) {
                return text.isNull() ? null : text.content().toString(StandardCharsets.UTF_8);
            }
            if (message instanceof ArrayRedisMessage array) {
                return array.isNull() ? null : values(array.children());
            }
            if (message instanceof ErrorRedisMessage error) {
                throw new IOException(error.content());
            }
            throw new IOException("expected a reply, got " + message);
        }

        private static List<@Nullable Object> values(List<RedisMessage> messages) throws IOException {
            List<@Nullable Object> values = new ArrayList<>();
            for (RedisMessage message : messages) {
                values.add(value(message));
            }
            return values;
        }

        private void fail(Throwable cause) {
            queue.add(new Reply(
                    null, cause instanceof IOException known ? known : new IOException(Failures.text(cause), cause)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(new EOFException("the connection was closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(cause);
            ctx.close();
        }
    }
}
