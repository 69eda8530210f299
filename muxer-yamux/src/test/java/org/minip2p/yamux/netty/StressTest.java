package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.yamux.YamuxConfig;

/**
 * Two ends do everything that an application can do, in random order, on a network that splits and stalls at random. In
 * all cases, bytes arrive in order and once, the end of the input comes after all of them, every promise completes, and
 * nothing is left over.
 */
@SuppressWarnings("FutureReturnValueIgnored") // futures are collected where they matter
class StressTest {
    private static final YamuxConfig CONFIG = End.CONFIG
            .with(YamuxConfig.MAX_RESETS, 1_000_000)
            .with(YamuxConfig.MAX_INBOUND_STREAMS, 60)
            .with(YamuxConfig.MAX_OUTBOUND_STREAMS, 40)
            .with(YamuxConfig.WRITE_STALL_TIMEOUT, Duration.ofHours(1));

    private final Map<String, Side> sides = new HashMap<>();
    private final List<Side> all = new ArrayList<>();
    private final List<ChannelFuture> futures = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsItsPromises(long seed) {
        Random random = new Random(seed);
        try (Pair pair = new Pair(CONFIG)) {
            for (End end : List.of(pair.initiator, pair.responder)) {
                String name = end == pair.initiator ? "i" : "r";
                end.onInbound = stream -> add(name, stream);
            }
            for (int step = 0; step < 3_000; step++) {
                step(random, pair);
            }
            finish(pair);

            assertThat(futures).allMatch(ChannelFuture::isDone);
            for (Side side : all) {
                side.check(sides.get(side.otherKey()));
            }
            for (End end : List.of(pair.initiator, pair.responder)) {
                assertThat(end.ended).as("seed %s", seed).isZero();
                assertThat(end.yamux.openStreams()).as("seed %s", seed).isZero();
            }
            assertThat(all).hasSizeGreaterThan(50);
            assertThat(all.stream().filter(side -> side.ended)).hasSizeGreaterThan(10);
        }
    }

    private void step(Random random, Pair pair) {
        int choice = random.nextInt(100);
        if (choice < 4) {
            boolean initiator = random.nextBoolean();
            End end = initiator ? pair.initiator : pair.responder;
            end.yamux.openStream(stream -> {
                Side side = add(initiator ? "i" : "r", stream);
                if (random.nextBoolean()) {
                    side.write(random);
                }
            });
        } else if (choice < 45 && !all.isEmpty()) {
            act(random, all.get(Math.max(0, all.size() - 1 - random.nextInt(30))));
        } else if (choice < 90) {
            End from = random.nextBoolean() ? pair.initiator : pair.responder;
            carryInPieces(random, from, from == pair.initiator ? pair.responder : pair.initiator);
        } else if (choice < 95) {
            (random.nextBoolean() ? pair.initiator : pair.responder).stall();
        } else if (choice < 99) {
            (random.nextBoolean() ? pair.initiator : pair.responder).unstall();
        } else {
            pair.initiator.channel.advanceTimeBy(500, TimeUnit.MILLISECONDS);
            pair.responder.channel.advanceTimeBy(500, TimeUnit.MILLISECONDS);
        }
    }

    private void act(Random random, Side side) {
        switch (random.nextInt(14)) {
            case 0 -> futures.add(side.stream.shutdownOutput());
            case 1 -> {
                if (random.nextInt(4) == 0) {
                    side.abandoned = true;
                    futures.add(side.stream.close());
                }
            }
            case 2 -> {
                if (random.nextInt(6) == 0) {
                    side.abandoned = true;
                    side.stream.reset(random.nextInt(5));
                }
            }
            case 3 -> side.stream.config().setAutoRead(random.nextBoolean());
            case 4, 5 -> side.stream.read();
            case 6 -> {
                if (random.nextInt(6) == 0) {
                    side.abandoned = true;
                    futures.add(side.stream.shutdownInput());
                }
            }
            default -> side.write(random);
        }
    }

    private static void carryInPieces(Random random, End from, End to) {
        ByteBuf bytes = from.sentBytes();
        while (bytes.isReadable()) {
            int piece = random.nextInt(4) == 0 ? random.nextInt(40) + 1 : random.nextInt(100_000) + 1;
            to.receive(bytes.readRetainedSlice(Math.min(piece, bytes.readableBytes())));
        }
        bytes.release();
    }

    private void finish(Pair pair) {
        pair.initiator.unstall();
        pair.responder.unstall();
        for (int round = 0; round < 5; round++) {
            for (Side side : List.copyOf(all)) {
                side.stream.config().setAutoRead(true);
            }
            pair.pump();
        }
        List<Side> existing = List.copyOf(all);
        for (Side side : existing) {
            futures.add(side.stream.shutdownOutput());
        }
        pair.pump();
        for (Side side : existing) {
            futures.add(side.stream.close());
        }
        pair.pump();
        for (int i = 0; i < 3; i++) { // opens that were waiting happen now
            pair.initiator.advance(11);
            pair.responder.advance(11);
            pair.pump();
            for (Side side : List.copyOf(all)) {
                side.abandoned |= !existing.contains(side);
                futures.add(side.stream.close());
            }
            pair.pump();
        }
        pair.initiator.advance(30);
        pair.responder.advance(30);
        pair.pump();
    }

    private Side add(String name, YamuxStreamChannel stream) {
        Side side = new Side(name, stream);
        sides.put(side.key(), side);
        all.add(side);
        stream.pipeline().addLast(side);
        return side;
    }

    /** One end of a stream. It writes a pattern, and checks the pattern of the other end. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final String name;
        private final YamuxStreamChannel stream;
        private final List<ChannelFuture> writes = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>();
        private long written;
        private long received;
        private boolean ended;
        private boolean failed;
        private int inactive;

        /** Whether this end ignores the rest of its input, or has dropped its output. */
        private boolean abandoned;

        Side(String name, YamuxStreamChannel stream) {
            this.name = name;
            this.stream = stream;
        }

        String key() {
            return name + stream.streamId();
        }

        String otherKey() {
            return ("i".equals(name) ? "r" : "i") + stream.streamId();
        }

        void write(Random random) {
            if (stream.isOutputShutdown()) {
                return;
            }
            int length = random.nextInt(5) == 0 ? random.nextInt(150_000) : random.nextInt(200);
            if (stream.local().output().queuedBytes() + length > CONFIG.get(YamuxConfig.STREAM_SEND_QUEUE_BYTES)) {
                return;
            }
            ByteBuf bytes = stream.alloc().buffer(Math.max(1, length));
            for (int i = 0; i < length; i++) {
                bytes.writeByte(pattern(name, stream.streamId(), written + i));
            }
            written += length;
            ChannelFuture write = random.nextBoolean() ? stream.write(bytes) : stream.writeAndFlush(bytes);
            writes.add(write);
            lengths.add(length);
            futures.add(write);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            String other = "i".equals(name) ? "r" : "i";
            while (in.isReadable()) {
                byte expected = pattern(other, stream.streamId(), received);
                if (in.readByte() != expected) {
                    in.release();
                    throw new AssertionError("wrong byte at " + received + " of " + stream);
                }
                received++;
            }
            in.release();
            assertThat(ended).isFalse();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            assertThat(event).isSameAs(ChannelInputShutdownEvent.INSTANCE);
            assertThat(ended).isFalse();
            ended = true;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof AssertionError error) {
                throw error;
            }
            failed = true;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inactive++;
        }

        void check(@org.jspecify.annotations.Nullable Side other) {
            assertThat(inactive).as("%s inactive once", stream).isEqualTo(1);
            assertThat(stream.isOpen()).isFalse();
            if (other == null) {
                return;
            }
            assertThat(received).isLessThanOrEqualTo(other.written);
            if (ended) {
                assertThat(received)
                        .as("%s got everything before the end", stream)
                        .isEqualTo(other.written);
            }
            if (!abandoned && !other.abandoned && !failed && !other.failed) {
                assertThat(received).as("%s got everything", stream).isEqualTo(other.written);
                assertThat(other.writes).allMatch(ChannelFuture::isSuccess);
            }
        }
    }

    private static byte pattern(String name, long id, long offset) {
        return (byte) (name.charAt(0) + id * 31 + offset * 7 + (offset >> 8));
    }
}
