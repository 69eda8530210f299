package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.WriteBufferWaterMark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Role;
import org.minip2p.core.StreamQueueFullException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.MemoryBudget;
import org.minip2p.yamux.YamuxConfig;

/** Held memory is counted at its real cost, and is given back. */
class HeldMemoryTest {
    private static final int READ_BUFFER_BYTES = 65_536;

    private final Memory memory = new Memory();

    // H1
    @ParameterizedTest
    @ValueSource(ints = {1, 280, 4_000, 30_000})
    void anUnreadPieceKeepsNoneOfTheLargeBufferThatItCameIn(int length) {
        try (End end = new End(Role.RESPONDER, End.CONFIG, memory, true)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            int pieces = Math.min(1000, 262_144 / length);
            for (int i = 0; i < pieces; i++) {
                ByteBuf read = end.channel.alloc().buffer(READ_BUFFER_BYTES, READ_BUFFER_BYTES);
                ByteBuf frame = Frame.data(Flags.NONE, 1, End.text(length)).encode();
                read.writeBytes(frame);
                frame.release();

                end.receive(read.readRetainedSlice(read.readableBytes())); // as the cipher passes a message on

                assertThat(read.refCnt()).isEqualTo(1);
                read.release();
            }

            long unread = (long) pieces * length;
            long held = end.inbound(1).local().heldBytes();
            assertThat(held).isBetween(unread, 2 * unread + 1024);
            assertThat(memory.held).isGreaterThanOrEqualTo(held);
            end.inbound(1).config().setAutoRead(true);
            end.channel.runPendingTasks();
            assertThat(end.recorder(1).bytes).isEqualTo(unread);
            assertThat(end.inbound(1).local().heldBytes()).isZero();
            assertThat(memory.held).isZero();
        }
    }

    @Test
    void aPieceThatFillsMostOfItsBufferIsKeptAndCountedAsThatBuffer() {
        try (End end = new End(Role.RESPONDER, End.CONFIG, memory, true)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            ByteBuf read = end.channel.alloc().buffer(READ_BUFFER_BYTES, READ_BUFFER_BYTES);
            ByteBuf frame = Frame.data(Flags.NONE, 1, End.text(40_000)).encode();
            read.writeBytes(frame);
            frame.release();

            end.receive(read.readRetainedSlice(read.readableBytes()));

            assertThat(read.refCnt()).isEqualTo(2);
            assertThat(end.inbound(1).local().heldBytes()).isBetween(65_536L, 66_000L);
            end.inbound(1).local().reset(0);
            end.channel.runPendingTasks();
            assertThat(read.refCnt()).isEqualTo(1);
            read.release();
            assertThat(memory.held).isZero();
        }
    }

    // H5
    @Test
    @Conforms("YMX-75")
    void whatHasNotLeftIsCountedAndMakesAllStreamsUnwritableWhenItIsTooMuch() {
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.CONNECTION_BUDGET_BYTES, 300_000L), memory, true)) {
            for (long id = 1; id <= 5; id += 2) {
                end.receive(Frame.windowUpdate(Flags.SYN, id, 0));
            }
            end.stall();
            ChannelFuture first = end.inbound(1).writeAndFlush(End.bytes(140_000));
            assertThat(end.inbound(1).local().heldBytes())
                    .as("bytes that the connection has taken and not sent count, too")
                    .isEqualTo(140_128);
            end.unstall();
            assertThat(first.isSuccess()).isTrue();
            assertThat(memory.held).isZero();

            assertThat(end.inbound(5).isWritable()).isTrue();
            ChannelFuture beyondTheWindow = end.inbound(3).writeAndFlush(End.bytes(400_000));

            assertThat(end.inbound(5).isWritable()).isFalse();
            end.stall();
            end.inbound(5).writeAndFlush(End.bytes(100_000)); // the connection takes these
            ChannelFuture queued = end.inbound(5).writeAndFlush(End.bytes(10_000));
            ChannelFuture refused = end.inbound(5).writeAndFlush(End.bytes(10_000));
            assertThat(refused.cause()).isInstanceOf(StreamQueueFullException.class);
            assertThat(queued.cause()).as("no gap").isSameAs(refused.cause());
            assertThat(beyondTheWindow.isDone()).as("it was accepted").isFalse();
        }
        assertThat(memory.held).isZero();
    }

    @Test
    void streamsAreWritableAgainWhenEnoughHasLeft() {
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.CONNECTION_BUDGET_BYTES, 300_000L), memory, true)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            ChannelFuture tooMuch = end.inbound(1).writeAndFlush(End.bytes(400_000));
            assertThat(end.inbound(3).isWritable()).isFalse();
            assertThat(memory.held).isGreaterThan(300_000);
            end.receive(Frame.windowUpdate(Flags.NONE, 1, 400_000));

            assertThat(tooMuch.isSuccess()).isTrue();
            assertThat(end.inbound(3).isWritable()).isTrue();
            assertThat(end.recorder(3).events).containsExactly("active", "writable=true");
            assertThat(memory.held).isZero();
            end.sentBytes().release();
        }
    }

    /** Bytes that were not sent count as much as bytes that were not read. */
    @Test
    void theStreamThatHoldsMostGoesWhicheverWayItsBytesGo() {
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.CONNECTION_BUDGET_BYTES, 300_000L), memory, true)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0), Frame.windowUpdate(Flags.SYN, 3, 0));
            ChannelFuture unsent = end.inbound(1).writeAndFlush(End.bytes(262_144 + 10));
            assertThat(unsent.isDone()).isFalse();

            end.receive(Frame.data(Flags.NONE, 3, End.text(60_000)));

            assertThat(unsent.isDone()).isTrue();
            assertThat(end.inbound(1).isOpen()).isFalse();
            assertThat(end.inbound(3).isOpen()).isTrue();
        }
        assertThat(memory.held).isZero();
    }

    @Test
    void everythingIsGivenBackWhenTheConnectionEnds() {
        try (End end = new End(Role.RESPONDER, End.CONFIG, memory, true)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN, 1, End.text(100_000)), Frame.data(Flags.SYN, 3, End.text(10)));
            end.stall();
            ChannelFuture unsent = end.inbound(3).writeAndFlush(End.bytes(100_000));
            assertThat(memory.held).isGreaterThan(200_000);

            end.channel.close();
            end.channel.runPendingTasks();

            assertThat(unsent.isDone()).isTrue();
            assertThat(memory.held).isZero();
        }
    }

    /** This happens immediately, not only when the connection does its work. */
    @Test
    void aWriteThatIsTooMuchMakesAllStreamsUnwritableAtOnce() {
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.CONNECTION_BUDGET_BYTES, 300_000L), memory, true)) {
            for (long id = 1; id <= 7; id += 2) {
                end.receive(Frame.windowUpdate(Flags.SYN, id, 0));
            }
            end.inbound(1).write(End.bytes(400_000));

            for (long id = 3; id <= 7; id += 2) {
                assertThat(end.inbound(id).isWritable()).isFalse();
            }
            assertThat(end.inbound(1).local().heldBytes()).isEqualTo(400_128);
            end.inbound(1).reset(0);
            for (long id = 3; id <= 7; id += 2) {
                assertThat(end.recorder(id).events).containsExactly("active", "writable=true");
                assertThat(end.inbound(id).isWritable()).isTrue();
            }
        }
    }

    /** A connection that was always writable does not report when its bytes have left. */
    @Test
    void streamsAreToldWhenEnoughHasLeftAConnectionThatWasNeverFull() {
        try (End end =
                new End(Role.RESPONDER, End.CONFIG.with(YamuxConfig.CONNECTION_BUDGET_BYTES, 300_000L), memory, true)) {
            end.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 20, 2 << 20));
            for (long id = 1; id <= 5; id += 2) {
                end.receive(Frame.windowUpdate(Flags.SYN, id, 0));
            }
            end.sent();
            end.stall();
            end.inbound(1).writeAndFlush(End.bytes(200_000));
            assertThat(end.inbound(5).isWritable()).isTrue();
            end.inbound(3).writeAndFlush(End.bytes(200_000));
            assertThat(end.channel.isWritable()).isTrue();
            assertThat(end.inbound(5).isWritable()).isFalse();
            assertThat(end.inbound(1).local().heldBytes()).isEqualTo(200_128);

            end.unstall();

            assertThat(end.recorder(5).events).containsExactly("active", "writable=true");
            assertThat(end.inbound(1).local().heldBytes()).isZero();
            assertThat(memory.held).isZero();
            end.sentBytes().release();
        }
    }

    /** The memory that connections share, without a limit. */
    private static final class Memory implements MemoryBudget {
        private long held;

        @Override
        public boolean hold(long bytes) {
            held += bytes;
            return true;
        }

        @Override
        public void release(long bytes) {
            held -= bytes;
        }

        @Override
        public boolean isShort() {
            return false;
        }

        @Override
        public boolean isExceeded() {
            return false;
        }
    }
}
