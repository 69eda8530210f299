package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.yamux.Flags;

/** SEC-38: frames that take long to handle do not keep the event loop from other connections. */
class LongRoundTest {
    private static final int STREAMS = 100;

    /** With 100 streams that take 100 µs each to open, about thirty open in a round of 3 ms. */
    @Test
    void otherTasksRunWhileManyStreamsOpen() {
        try (End end = new End(Role.RESPONDER)) {
            List<Integer> openedBefore = new ArrayList<>();
            end.onInbound = stream -> {
                end.channel.advanceTimeBy(100, TimeUnit.MICROSECONDS);
                if (end.inbound.size() % 10 == 1) {
                    end.channel.eventLoop().execute(() -> openedBefore.add(end.inbound.size()));
                }
            };

            end.receive(opens());
            runAll(end);

            assertThat(end.inbound).hasSize(STREAMS);
            assertThat(openedBefore).containsExactly(31, 31, 31, 31, 62, 62, 62, 93, 93, 93);
        }
    }

    /** The application's handlers may be slow, so the clock is read after every 16 frames. */
    @Test
    void otherTasksRunBetweenFramesWhoseHandlersAreSlow() {
        try (End end = new End(Role.RESPONDER)) {
            List<Integer> readBefore = new ArrayList<>();
            List<Integer> read = new ArrayList<>();
            end.onInbound = stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    end.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
                    read.add(1);
                    ReferenceCountUtil.release(message);
                }
            });
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.channel.eventLoop().execute(() -> {
                end.channel.eventLoop().execute(() -> readBefore.add(read.size()));
                end.channel.pipeline().fireChannelRead(dataFrames());
            });

            runAll(end);

            assertThat(read).hasSize(STREAMS);
            assertThat(readBefore)
                    .singleElement()
                    .satisfies(count -> assertThat(count).isBetween(1, 20));
        }
    }

    /** Frames that came before the end of the connection count, although their round was not over. */
    @Test
    void theEndOfTheConnectionLosesNoFrame() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> end.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            end.channel.eventLoop().execute(() -> {
                end.channel.pipeline().fireChannelRead(opens());
                assertThat(end.inbound).hasSizeLessThan(STREAMS);
                end.channel.pipeline().fireChannelInactive();
            });

            runAll(end);

            assertThat(end.inbound).hasSize(STREAMS);
            assertThat(end.ended).isEqualTo(1);
        }
    }

    /** Meanwhile, nothing is read from the connection. Reading continues afterwards. */
    @Test
    void readsNothingUntilTheRestIsDone() {
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> end.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            List<Boolean> reads = new ArrayList<>();
            end.channel.eventLoop().execute(() -> {
                end.channel.pipeline().fireChannelRead(opens());
                reads.add(end.channel.config().isAutoRead());
            });

            runAll(end);

            assertThat(reads).containsExactly(false);
            assertThat(end.channel.config().isAutoRead()).isTrue();
        }
    }

    /** Runs all tasks, including those that become due as virtual time passes. */
    private static void runAll(End end) {
        do {
            end.channel.runPendingTasks();
        } while (end.channel.runScheduledPendingTasks() == 0);
    }

    private static ByteBuf opens() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            frames.add(Frame.windowUpdate(Flags.SYN, 1 + 2 * i, 0));
        }
        return joined(frames);
    }

    private static ByteBuf dataFrames() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            frames.add(Frame.data(0, 1, "x"));
        }
        return joined(frames);
    }

    private static ByteBuf joined(List<Frame> frames) {
        ByteBuf all = Unpooled.buffer();
        for (Frame frame : frames) {
            ByteBuf one = frame.encode();
            all.writeBytes(one);
            one.release();
        }
        return all;
    }
}
