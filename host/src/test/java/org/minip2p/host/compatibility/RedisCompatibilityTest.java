package org.minip2p.host.compatibility;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.compatibility.Exchange.ascii;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.RedisArrayAggregator;
import io.netty.handler.codec.redis.RedisBulkStringAggregator;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.RedisEncoder;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RESP with Netty's codec-redis. */
class RedisCompatibilityTest {
    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final Exchange REDIS = Exchange.of(
                    "RedisDecoder, RedisBulkStringAggregator, RedisArrayAggregator, RedisEncoder",
                    CLOSE_WITH_PEER,
                    pipeline -> {
                        addCodec(pipeline);
                        pipeline.addLast(new Store());
                    },
                    (pipeline, number, answer) -> {
                        addCodec(pipeline);
                        pipeline.addLast(new Asker<>(
                                RedisMessage.class,
                                List.of(
                                        command("SET", "key", "value " + number),
                                        command("GET", "key"),
                                        command("HELP")),
                                3,
                                RedisCompatibilityTest::text,
                                answer));
                    },
                    number -> "OK|value " + number + "|ERR no such command")
            .withHostileClients(ascii("*2\r\n$3\r\nGET\r\n$30\r\nhalf"), ascii("no RESP at all\r\n$x\r\n"))
            .withHostileServers(ascii("$30\r\nhalf"), ascii("$no length\r\n"));

    @Test
    void redisWorksAsOnTcp() throws Exception {
        CARRIERS.check(REDIS);
    }

    private static void addCodec(ChannelPipeline pipeline) {
        pipeline.addLast(
                new RedisDecoder(),
                new RedisBulkStringAggregator(),
                new RedisArrayAggregator(64, 8),
                new RedisEncoder());
    }

    private static ArrayRedisMessage command(String... words) {
        return new ArrayRedisMessage(
                Stream.of(words).map(RedisCompatibilityTest::bulk).toList());
    }

    private static RedisMessage bulk(String text) {
        return new FullBulkStringRedisMessage(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private static String text(RedisMessage message) {
        if (message instanceof FullBulkStringRedisMessage bulk) {
            return bulk.content().toString(StandardCharsets.UTF_8);
        }
        if (message instanceof ErrorRedisMessage error) {
            return error.content();
        }
        return ((SimpleStringRedisMessage) message).content();
    }

    private static final class Store extends SimpleChannelInboundHandler<ArrayRedisMessage> {
        private final Map<String, String> values = new HashMap<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ArrayRedisMessage command) {
            List<String> words = command.children().stream()
                    .map(RedisCompatibilityTest::text)
                    .toList();
            ctx.writeAndFlush(
                    switch (words.get(0)) {
                        case "SET" -> {
                            values.put(words.get(1), words.get(2));
                            yield new SimpleStringRedisMessage("OK");
                        }
                        case "GET" -> bulk(values.get(words.get(1)));
                        default -> new ErrorRedisMessage("ERR no such command");
                    });
        }
    }
}
