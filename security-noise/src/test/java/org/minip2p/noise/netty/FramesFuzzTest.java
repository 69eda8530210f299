package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.LeakPresenceDetector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.SecureSession;
import org.minip2p.noise.TestTransport;

/**
 * Any bytes instead of sealed frames, in pieces whose size the first byte chooses. A frame that opens with the keys of
 * the seeds is passed on. The rest is at most one failure.
 */
class FramesFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        int pieceBytes = 1 + (input[0] & 0xff);
        List<Libp2pException> failures = new ArrayList<>();
        Pair.Tail tail = new Pair.Tail();
        EmbeddedChannel channel = new EmbeddedChannel(
                new NoiseTransportHandler(
                        TestTransport.pair(NoiseConfig.defaults(), new byte[32])[1], new Failures(failures)),
                tail);

        for (int from = 1; from < input.length; from += pieceBytes) {
            byte[] piece = Arrays.copyOfRange(input, from, Math.min(input.length, from + pieceBytes));
            channel.writeInbound(channel.alloc().directBuffer(piece.length).writeBytes(piece));
        }
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.checkException();

        assertThat(failures.size()).isLessThanOrEqualTo(1);
        assertThat(tail.received.size() + 18 * tail.sizes.size()).isLessThan(Math.max(1, input.length));
        boolean isWhole = failures.isEmpty();
        channel.finishAndReleaseAll();
        LeakPresenceDetector.check();
        return isWhole;
    }

    private record Failures(List<Libp2pException> told) implements SecureChannelListener {
        @Override
        public void secured(ChannelHandlerContext ctx, SecureSession session) {
            throw new AssertionError("secured " + session);
        }

        @Override
        public void failed(ChannelHandlerContext ctx, Libp2pException cause) {
            told.add(cause);
        }
    }

    @TestFactory
    @Conforms({"NOI-28", "NOI-32", "NOI-36"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(FramesFuzzTest.class, FramesFuzzTest::accepts);
    }
}
