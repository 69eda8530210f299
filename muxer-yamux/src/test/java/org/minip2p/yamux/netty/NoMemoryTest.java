package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.GoAwayCode;

/** Without memory for a frame, the session ends, and no promise stays incomplete. */
class NoMemoryTest {
    /** An allocator that throws when the test tells it to. */
    private static final class Failing extends AbstractByteBufAllocator {
        private int toFail;

        @Override
        protected ByteBuf newHeapBuffer(int initial, int most) {
            return take(initial, most);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int most) {
            return take(initial, most);
        }

        private ByteBuf take(int initial, int most) {
            if (toFail > 0) {
                toFail--;
                throw new OutOfMemoryError("provoked by the test");
            }
            return Unpooled.buffer(initial, most);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private final Failing allocator = new Failing();

    private End end() {
        End end = new End(Role.RESPONDER);
        end.channel.config().setAllocator(allocator);
        return end;
    }

    @Test
    void aFrameThatCannotBeMadeEndsTheSession() {
        try (End end = end()) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            allocator.toFail = Integer.MAX_VALUE;

            ChannelFuture write = End.send(end.inbound(1), "nobody gets this");
            Future<Duration> ping = end.yamux.ping();

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isInstanceOf(OutOfMemoryError.class);
            assertThat(write.cause()).isInstanceOf(SessionClosedException.class);
            assertThat(ping.cause()).isInstanceOf(SessionClosedException.class);
            assertThat(end.inbound(1).isOpen()).isFalse();
            assertThat(end.tryOpen(stream -> {}).cause()).isInstanceOf(SessionClosedException.class);
            assertThat(end.sent()).isEmpty();
        }
    }

    /**
     * The bytes would be copied, since they keep a much larger buffer alive. When the copy fails, that buffer is
     * released once.
     */
    @Test
    void bytesThatCannotBeKeptEndTheSession() {
        try (End end = end()) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            allocator.toFail = 1;
            ByteBuf frame = Frame.data(Flags.NONE, 1, "is not kept").encode();
            ByteBuf small = Unpooled.buffer(1_000).writeBytes(frame);
            frame.release();

            end.receive(small);

            assertThat(end.endCause).isInstanceOf(OutOfMemoryError.class);
            assertThat(small.refCnt()).isZero();
        }
    }

    @Test
    void nothingFollowsAFrameThatWasCutOff() {
        try (End end = end()) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            allocator.toFail = 1;

            End.send(end.inbound(1), "nobody gets this");

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.sent()).isEmpty();
        }
    }

    @Test
    void aGoodByeThatCannotBeMadeKeepsNobodyWaiting() {
        try (End end = end()) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            allocator.toFail = Integer.MAX_VALUE;

            end.yamux.shutdown(GoAwayCode.NORMAL, Duration.ZERO);

            assertThat(end.ended).isEqualTo(1);
            assertThat(end.endCause).isNull();
            assertThat(end.inbound(1).isOpen()).isFalse();
        }
    }
}
