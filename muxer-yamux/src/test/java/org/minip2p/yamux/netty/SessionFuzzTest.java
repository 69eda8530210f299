package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.LeakPresenceDetector;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.YamuxException;

/**
 * Any bytes as input of a whole session. It goes on, or ends in one of the declared ways. It sends only valid frames
 * and leaks nothing. The first byte chooses the role of the session, whether streams are read, and the size of the
 * pieces in which the rest comes.
 */
class SessionFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    /** Runs the input, and returns whether the session goes on. */
    private static boolean accepts(byte[] input) {
        int how = input.length == 0 ? 0 : input[0];
        Role role = (how & 1) == 0 ? Role.RESPONDER : Role.INITIATOR;
        boolean isRead = (how & 2) == 0;
        int piece = 1 + ((how & 0xff) >> 2);
        boolean goesOn;
        try (End end = new End(role)) {
            end.onInbound = stream -> stream.config().setAutoRead(isRead);
            end.open(stream -> End.send(stream, "request"));
            end.open().shutdownOutput();
            for (int at = 1; at < input.length; at += piece) {
                end.receive(Unpooled.wrappedBuffer(input, at, Math.min(piece, input.length - at))
                        .copy());
            }
            end.inbound.values().forEach(YamuxStreamChannel::read);
            check(end);
            goesOn = end.ended == 0;
        }
        LeakPresenceDetector.check();
        return goesOn;
    }

    private static void check(End end) {
        ByteBuf bytes = end.sentBytes();
        boolean ended = false;
        while (bytes.isReadable()) {
            Frame frame = Frame.decode(bytes);
            assertThat(ended).as("nothing after GO_AWAY").isFalse();
            assertThat(Integer.bitCount(frame.flags())).isLessThanOrEqualTo(1);
            assertThat(frame.id() == 0).isEqualTo(frame.type() == FrameType.PING || frame.type() == FrameType.GO_AWAY);
            ended = frame.type() == FrameType.GO_AWAY;
            assertThat(ended && frame.flags() != Flags.NONE).isFalse();
        }
        bytes.release();
        assertThat(end.ended).isLessThanOrEqualTo(1);
        if (end.ended == 1) {
            assertThat(end.endCause).isInstanceOfAny(YamuxException.class, SessionClosedException.class);
            assertThat(ended).as("the peer was told of its fault").isEqualTo(end.endCause instanceof YamuxException);
            assertThat(end.yamux.openStreams()).isZero();
        }
        for (Recorder recorder : List.copyOf(end.recorders.values())) {
            assertThat(recorder.error == null || recorder.error instanceof Libp2pException)
                    .isTrue();
            assertThat(recorder.events.stream().filter("input-shutdown"::equals).count())
                    .isLessThanOrEqualTo(1);
            assertThat(recorder.events.stream().filter("inactive"::equals).count())
                    .isLessThanOrEqualTo(1);
        }
    }

    @TestFactory
    @Conforms("YMX-8")
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(SessionFuzzTest.class, SessionFuzzTest::accepts, 1_500);
    }
}
