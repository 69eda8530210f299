package org.minip2p.host.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.host.PauseWhileUnwritable;

/** Length fields when a channel is written faster than it sends. */
class BusyStreamCompatibilityTest {
    private static final int MAX_FRAME_BYTES = 1 << 20;

    @RegisterExtension
    static final Carriers CARRIERS = new Carriers();

    private static final Exchange BUSY = Exchange.of(
            "LengthFieldBasedFrameDecoder, LengthFieldPrepender, PauseWhileUnwritable; 4 MiB and back",
            CLOSE_WITH_PEER,
            pipeline -> pipeline.addLast(
                    PauseWhileUnwritable.INSTANCE,
                    new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                    new LengthFieldPrepender(4),
                    new Frames.Echo()),
            (pipeline, number, answer) -> pipeline.addLast(
                    new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4),
                    new LengthFieldPrepender(4),
                    new BusyClient(number, answer)),
            BusyClient::expected);

    @Test
    void lengthFieldsOnABusyStreamWorkAsOnTcp() throws Exception {
        CARRIERS.check(BUSY, Carriers.LARGE, 2);
    }

    /**
     * TCP has no limit for unsent bytes, but a stream has one. A writer that exceeds it loses the stream, and its peer
     * sees no frame that was not sent.
     */
    @Test
    void aWriterThatNeverLooksLosesItsStreamAndNoFrameIsGarbage() throws Exception {
        for (StreamCarrier carrier : CARRIERS.streams()) {
            String name = CARRIERS.newName();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            carrier.serve(
                    name,
                    CLOSE_WITH_PEER,
                    pipeline -> pipeline.addLast(new LengthFieldPrepender(4), new Reckless(failure)));
            CompletableFuture<List<String>> seen = new CompletableFuture<>();

            Channel reading = Carriers.await(
                    carrier.open(name, CLOSE_WITH_PEER, pipeline -> {
                        pipeline.channel().config().setAutoRead(false);
                        pipeline.addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME_BYTES, 0, 4, 0, 4), new Late(seen));
                    }),
                    name,
                    carrier);
            Throwable cause = Carriers.await(failure, name, carrier);
            reading.config().setAutoRead(true);

            assertThat(cause).isInstanceOf(StreamQueueFullException.class);
            List<String> frames = Carriers.await(seen, name, carrier);
            assertThat(frames.get(frames.size() - 1)).isEqualTo("StreamResetException");
            for (int i = 0; i < frames.size() - 1; i++) {
                assertThat(frames.get(i))
                        .isEqualTo(Frames.digest(Unpooled.wrappedBuffer(Frames.frame(0, i, Reckless.MAX_BYTES))));
            }
            carrier.awaitNothingLeft(name);
        }
    }

    /** Writes far more than a stream accepts, task by task. */
    private static final class Reckless extends ChannelInboundHandlerAdapter {
        private static final int MAX_BYTES = 20_000;
        private static final int FRAMES = 1_000;

        private final CompletableFuture<Throwable> failure;

        Reckless(CompletableFuture<Throwable> failure) {
            this.failure = failure;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            write(ctx, 0);
        }

        private void write(ChannelHandlerContext ctx, int frame) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(Frames.frame(0, frame, MAX_BYTES)));
            if (frame + 1 < FRAMES) {
                ctx.executor().execute(() -> write(ctx, frame + 1));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure.complete(cause);
        }
    }

    /** Records the frames that it reads, and how the channel ends. */
    private static final class Late extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<List<String>> seen;
        private final List<String> events = new ArrayList<>();

        Late(CompletableFuture<List<String>> seen) {
            this.seen = seen;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            events.add(Frames.digest(frame));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause.getClass().getSimpleName());
            seen.complete(events);
        }
    }

    /** Writes frames while the channel is writable, and counts those that come back. */
    private static final class BusyClient extends SimpleChannelInboundHandler<ByteBuf> {
        private static final int MAX_BYTES = 60_000;
        private static final int COUNT = 4 * (1 << 20) / (MAX_BYTES / 2);

        private final int number;
        private final CompletableFuture<String> answer;
        private int sent;
        private int received;
        private long hash;

        BusyClient(int number, CompletableFuture<String> answer) {
            this.number = number;
            this.answer = answer;
        }

        static String expected(int number) {
            long hash = 0;
            for (int i = 0; i < COUNT; i++) {
                hash = 31 * hash
                        + Frames.digest(Unpooled.wrappedBuffer(Frames.frame(number, i, MAX_BYTES)))
                                .hashCode();
            }
            return COUNT + " frames " + hash;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            writeMore(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            writeMore(ctx);
        }

        private void writeMore(ChannelHandlerContext ctx) {
            while (sent < COUNT && ctx.channel().isWritable()) {
                ctx.write(Unpooled.wrappedBuffer(Frames.frame(number, sent++, MAX_BYTES)));
            }
            ctx.flush();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            hash = 31 * hash + Frames.digest(frame).hashCode();
            if (++received == COUNT) {
                answer.complete(received + " frames " + hash);
            }
        }
    }
}
