package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.minip2p.core.testing.Conforms;

/**
 * A connection that takes fewer than 256 bytes within the time limit is stalled, in however many steps it takes them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the test needs no future of a write
class WriteStallTest {
    /** The bytes that Netty counts for each write in addition to its data. */
    private static final int ENTRY_BYTES = 96;

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final Wire wire = new Wire(channel.pipeline().firstContext());
    private int stalled;
    private final WriteStall stall = new WriteStall(wire, TimeUnit.SECONDS.toNanos(10), () -> stalled++);

    WriteStallTest() {
        channel.freezeTime();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1000));
    }

    @AfterEach
    void closeChannel() {
        stall.stop();
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({"255, 0, 1", "256, 0, 0", "156, 100, 0", "155, 100, 1", "0, 256, 0", "0, 255, 1"})
    @Conforms("YMX-77")
    void countsWholeWritesAndWhatWaitsLess(int taken, int lessWaits, int expected) {
        write(Math.max(0, lessWaits - ENTRY_BYTES));
        write(5000);
        stall.watch();
        wire.taken(taken);
        if (lessWaits > 0) {
            removeFirst();
        }
        advance();

        assertThat(stalled).isEqualTo(expected);
    }

    @Test
    @Conforms("YMX-77")
    void countsAnewInEachPeriod() {
        write(5000);
        stall.watch();
        wire.taken(5000);
        advance();
        assertThat(stalled).isZero();

        advance();

        assertThat(stalled).isEqualTo(1);
    }

    @Test
    @Conforms("YMX-77")
    void whatOthersAddMeanwhileTakesNothingAway() {
        write(5000);
        stall.watch();
        wire.taken(256);
        write(5000);
        advance();

        assertThat(stalled).isZero();
    }

    private void write(int length) {
        channel.write(channel.alloc().buffer().writeZero(length));
    }

    private void removeFirst() {
        ChannelOutboundBuffer buffer = Objects.requireNonNull(channel.unsafe().outboundBuffer());
        buffer.addFlush();
        buffer.remove();
        assertThat(channel.isWritable()).isFalse();
    }

    private void advance() {
        channel.advanceTimeBy(10, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
