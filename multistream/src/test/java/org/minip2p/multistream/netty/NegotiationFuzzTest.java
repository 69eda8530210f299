package org.minip2p.multistream.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.LeakPresenceDetector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;
import org.minip2p.multistream.MultistreamConfig;

/**
 * Any bytes, in pieces of any size. A stage ends with an agreement or with one failure, throws nothing, answers little,
 * and passes on exactly the bytes after the last message. The first byte chooses the end under test, the second the
 * size of the pieces.
 */
class NegotiationFuzzTest {
    private static final ProtocolId NOISE = new ProtocolId("/noise");
    private static final int HEAD_BYTES = 2;

    /** The header, sixteen times {@code na}, and an echo. An initiator sends less. */
    private static final int MAX_SENT_BYTES = 20 + 16 * 4 + 12;

    private enum End {
        WAITING,
        LAZY,
        RESPONDER;

        MultistreamStage stage(NegotiationListener listener) {
            return switch (this) {
                case WAITING -> MultistreamInitiator.waiting(List.of(new ProtocolId("/tls/1.0.0"), NOISE), listener);
                case LAZY -> MultistreamInitiator.lazy(NOISE, listener);
                case RESPONDER -> new MultistreamResponder(NOISE::equals, MultistreamConfig.defaults(), listener);
            };
        }
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        if (input.length < HEAD_BYTES) {
            return false;
        }
        End end = End.values()[(input[0] & 0xff) % End.values().length];
        int pieceBytes = 1 + (input[1] & 0xff);
        byte[] received = Arrays.copyOfRange(input, HEAD_BYTES, input.length);
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(end.stage(recorder));

        Wires.receiveInPieces(channel, received, pieceBytes);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.checkException();

        boolean isAgreed = recorder.count(end == End.LAZY ? "confirmed" : "negotiated") == 1;
        assertThat(recorder.count("failed")).as(recorder.log.toString()).isEqualTo(isAgreed ? 0 : 1);
        assertThat(Wires.sent(channel).length).isLessThanOrEqualTo(MAX_SENT_BYTES);
        int handedOn = recorder.received().length;
        assertThat(isAgreed || handedOn == 0).isTrue();
        assertThat(recorder.received())
                .isEqualTo(Arrays.copyOfRange(received, received.length - handedOn, received.length));
        channel.finishAndReleaseAll();
        LeakPresenceDetector.check();
        return isAgreed;
    }

    @TestFactory
    @Conforms({"MSS-5", "MSS-9", "MSS-15", "MSS-20", "MSS-21"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(NegotiationFuzzTest.class, NegotiationFuzzTest::accepts);
    }
}
