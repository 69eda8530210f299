package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.core.testing.Generator.booleans;
import static org.minip2p.core.testing.Generator.integers;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Property;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.TestKeys;
import org.minip2p.noise.TestTransport;
import org.minip2p.noise.TransportState;
import org.minip2p.noise.netty.Pair.End;

/** Frames and handshake messages, split at arbitrary places. */
@SuppressWarnings("FutureReturnValueIgnored")
class FramesPropertyTest {
    private static final int MAX_PIECES = 2_000;
    private static final NoiseIdentity ALICE = TestKeys.honest();
    private static final NoiseIdentity BOB = TestKeys.honest();

    @Test
    @Conforms({"NOI-24", "NOI-26", "NOI-29", "NOI-35"})
    void whatWasWrittenArrivesHoweverItIsCut() {
        Property.holds(30, draw -> {
            List<Integer> writes = draw.of("writes", integers(0, 70_000).list(1, 6));
            List<Integer> cuts = draw.of("cuts", integers(1, 70_000).list(1, 5));
            boolean isFlushedOnce = draw.of("flushed once", booleans());
            TransportState[] pair = TestTransport.pair(NoiseConfig.defaults());
            Pair.Tail tail = new Pair.Tail();
            EmbeddedChannel sender = new EmbeddedChannel(new NoiseTransportHandler(pair[0], new Unfailing()));
            EmbeddedChannel receiver = new EmbeddedChannel(new NoiseTransportHandler(pair[1], new Unfailing()), tail);
            ByteArrayOutputStream written = new ByteArrayOutputStream();

            for (int length : writes) {
                byte[] data = new byte[length];
                Arrays.fill(data, (byte) length);
                written.writeBytes(data);
                sender.write(Unpooled.wrappedBuffer(data));
                if (!isFlushedOnce) {
                    sender.flush();
                }
            }
            sender.flush();
            deliver(wire(sender), receiver, cuts);

            assertThat(tail.received.toByteArray()).isEqualTo(written.toByteArray());
            assertThat(tail.sizes).allMatch(size -> size > 0 && size <= 65_519);
            sender.finishAndReleaseAll();
            receiver.finishAndReleaseAll();
        });
    }

    @Test
    @Conforms({"NOI-24", "NOI-35"})
    void aHandshakeIsSecuredHoweverItIsCut() {
        Property.holds(20, draw -> {
            List<Integer> cuts = draw.of("cuts", integers(1, 250).list(1, 6));
            try (Pair pair = new Pair(ALICE, BOB, BOB.peer())) {
                pair.initiator.greeting = new byte[] {1, 2, 3};
                pair.responder.greeting = new byte[] {4, 5};
                for (boolean isMoving = true; isMoving; ) {
                    byte[] there = pair.initiator.sent();
                    byte[] back = pair.responder.sent();
                    isMoving = there.length + back.length > 0;
                    deliver(there, pair.responder.channel, cuts);
                    deliver(back, pair.initiator.channel, cuts);
                }

                for (End end : List.of(pair.initiator, pair.responder)) {
                    assertThat(end.failures).isEmpty();
                    assertThat(end.sessions).hasSize(1);
                }
                assertThat(pair.responder.tail.received.toByteArray()).containsExactly(1, 2, 3);
                assertThat(pair.initiator.tail.received.toByteArray()).containsExactly(4, 5);
            }
        });
    }

    /** Delivers the bytes in pieces of the drawn sizes. What remains after many pieces is delivered at once. */
    private static void deliver(byte[] wire, EmbeddedChannel to, List<Integer> cuts) {
        int piece = 0;
        for (int from = 0; from < wire.length; piece++) {
            int cut = piece < MAX_PIECES ? cuts.get(piece % cuts.size()) : wire.length;
            int length = Math.min(cut, wire.length - from);
            to.writeInbound(to.alloc().directBuffer(length).writeBytes(wire, from, length));
            from += length;
        }
    }

    private static byte[] wire(EmbeddedChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (io.netty.buffer.ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            all.writeBytes(io.netty.buffer.ByteBufUtil.getBytes(frame));
            frame.release();
        }
        return all.toByteArray();
    }

    private static final class Unfailing implements SecureChannelListener {
        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            throw new AssertionError("secured " + session);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            throw new AssertionError(cause);
        }
    }
}
