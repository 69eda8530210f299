package org.minip2p.multistream.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.multistream.Wire.HEADER;
import static org.minip2p.multistream.Wire.messages;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.MultistreamLimits;

/** Any bytes, in any pieces: a stage ends in an agreement or in one failure, throws nothing, and answers little. */
class NegotiationFuzzTest {
    private static final long SEED = 20_260_101;
    private static final int ROUNDS = 1_500;
    private static final ProtocolId NOISE = new ProtocolId("/noise");
    private static final List<String> TEXTS =
            List.of(HEADER, HEADER, HEADER, "/noise", "/noise", "na", "ls", "/tls/1.0.0", "", "x", "/a\n/b");

    private enum End {
        WAITING,
        LAZY,
        RESPONDER;

        MultistreamStage stage(NegotiationListener listener) {
            return switch (this) {
                case WAITING -> MultistreamInitiator.waiting(List.of(new ProtocolId("/tls/1.0.0"), NOISE), listener);
                case LAZY -> MultistreamInitiator.lazy(NOISE, listener);
                case RESPONDER -> new MultistreamResponder(NOISE::equals, MultistreamLimits.DEFAULT, listener);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsInAnAgreementOrInOneFailure(End end) {
        Random random = new Random(SEED);
        int agreements = 0;
        int failures = 0;

        for (int round = 0; round < ROUNDS; round++) {
            Recorder recorder = new Recorder();
            EmbeddedChannel channel = new EmbeddedChannel(end.stage(recorder));
            byte[] input = input(random);

            Wires.receiveInPieces(channel, input, 1 + random.nextInt(40));
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.checkException();

            boolean isAgreed = recorder.count(end == End.LAZY ? "confirmed" : "negotiated") == 1;
            assertThat(recorder.count("failed"))
                    .as("round %d: %s", round, recorder.log)
                    .isEqualTo(isAgreed ? 0 : 1);
            assertThat(Wires.sent(channel).length).isLessThanOrEqualTo(20 + 16 * 4 + 12);
            if (!isAgreed) {
                assertThat(recorder.received()).isEmpty();
            }
            agreements += isAgreed ? 1 : 0;
            failures += isAgreed ? 0 : 1;
            channel.finishAndReleaseAll();
        }

        assertThat(agreements).as("the inputs reach the end").isPositive();
        assertThat(failures).isPositive();
    }

    /** Messages, some of them damaged, and noise behind them. */
    private static byte[] input(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextInt(4) > 0) {
            out.writeBytes(messages(HEADER));
        }
        for (int i = random.nextInt(20); i > 0; i--) {
            out.writeBytes(messages(TEXTS.get(random.nextInt(TEXTS.size()))));
        }
        byte[] noise = new byte[random.nextInt(30)];
        random.nextBytes(noise);
        out.writeBytes(noise);
        byte[] input = out.toByteArray();
        if (input.length > 0 && random.nextInt(3) == 0) {
            input[random.nextInt(input.length)] = (byte) random.nextInt();
        }
        return input;
    }
}
