package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.Role;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.yamux.Flags;
import org.minip2p.yamux.YamuxConfig;

/**
 * Each valid frame of the vectors has its specified effect, and this end writes the same bytes for the same purpose.
 */
@SuppressWarnings("FutureReturnValueIgnored") // futures are checked where they matter
class FrameVectorsTest {
    private static final int WINDOW = 262_144;

    @TestFactory
    @Conforms({
        "YMX-2", "YMX-4", "YMX-5", "YMX-14", "YMX-15", "YMX-16", "YMX-24", "YMX-25", "YMX-28", "YMX-30", "YMX-35",
        "YMX-36", "YMX-44", "YMX-56", "YMX-67"
    })
    Stream<DynamicTest> eachFrameDoesWhatItMeans() {
        return vectors().stream()
                .map(vector -> DynamicTest.dynamicTest(
                        vector.text("name"), () -> check(vector.text("name"), vector.text("hex"))));
    }

    private static void check(String name, String hex) {
        switch (name) {
            case "client opens stream 1 with a window update", "client opens stream 1 with empty data" ->
                opens(hex, 1, "");
            case "client opens stream 1 with data" -> opens(hex, 1, "hello");
            case "largest stream id of a client" -> opens(hex, 0xffff_ffffL, "");
            case "server accepts stream 1" -> accepts(hex, 1, WINDOW, "");
            case "server accepts stream 1, larger window" -> accepts(hex, 1, 16 << 20, "");
            case "accept with the first data" -> accepts(hex, 1, WINDOW, "ok");
            case "accept and half close at once" -> accepts(hex, 3, WINDOW, "");
            case "plain data" -> changes(hex, "\1\2\3", WINDOW, "active");
            case "empty data" -> changes(hex, "", WINDOW, "active");
            case "give 128 KiB more" -> changes(hex, "", WINDOW + 131_072, "active");
            case "half close", "half close, empty data" -> changes(hex, "", WINDOW, "active", "input-shutdown");
            case "half close with data" -> changes(hex, "\u00ff", WINDOW, "active", "input-shutdown");
            case "reset" -> resets(hex, 0);
            case "reset with error code" -> resets(hex, 0x1001);
            case "pong" -> answersPing(hex, 7);
            case "ping with the largest value" -> isAnswered(hex);
            case "go away, normal" -> ends(hex, 0);
            case "go away, internal error" -> ends(hex, 2);
            default -> throw new AssertionError("no rule for the vector " + name);
        }
    }

    private static void opens(String hex, long id, String text) {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.hex(hex));

            assertThat(end.inbound.keySet()).containsExactly(id);
            assertThat(end.inbound(id).local().protocol().sendWindow().available())
                    .isEqualTo(WINDOW);
            assertThat(end.recorder(id).text).hasToString(text);
            assertThat(end.sent()).containsExactly(Frame.windowUpdate(Flags.ACK, id, 0));
        }
    }

    /** The acknowledgment of the stream can be seen because it makes room for another stream. */
    private static void accepts(String hex, long id, long window, String text) {
        try (End end = new End(Role.INITIATOR, End.CONFIG.with(YamuxConfig.MAX_OUTBOUND_STREAMS, 1000))) {
            List<YamuxStreamChannel> streams = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                streams.add(end.open());
            }
            Future<YamuxStreamChannel> next = end.tryOpen(stream -> {});
            assertThat(next.isDone()).isFalse();
            end.receive(Frame.hex(hex));

            assertThat(next.isSuccess()).isTrue();
            YamuxStreamChannel accepted = streams.get((int) id / 2);
            assertThat(accepted.local().protocol().sendWindow().available()).isEqualTo(window);
            assertThat(end.recorder(id).text).hasToString(text);
            assertThat(end.recorder(id).events.contains("input-shutdown")).isEqualTo(id == 3);
            assertThat(end.ended).isZero();
        }
    }

    private static void changes(String hex, String text, long window, String... events) {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.receive(Frame.hex(hex));

            assertThat(end.recorder(1).text).hasToString(text);
            assertThat(end.recorder(1).events).containsExactly(events);
            assertThat(end.inbound(1).local().protocol().sendWindow().available())
                    .isEqualTo(window);
            assertThat(End.send(end.inbound(1), "our direction is open").isSuccess())
                    .isTrue();
            assertThat(end.ended).isZero();
        }
    }

    private static void resets(String hex, long code) {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.receive(Frame.hex(hex));

            assertThat(end.recorder(1).error)
                    .isInstanceOfSatisfying(
                            StreamResetException.class,
                            reset -> assertThat(reset.code()).isEqualTo(code));
            assertThat(end.inbound(1).local().protocol().sendWindow().available())
                    .isEqualTo(WINDOW);
            assertThat(end.sent()).isEmpty();
            assertThat(end.ended).isZero();
        }
    }

    private static void answersPing(String hex, long value) {
        try (End end = new End(Role.INITIATOR)) {
            Future<Duration> ping = end.yamux.ping();
            long sent = end.sent().get(0).length();
            while (sent != value) {
                end.receive(Frame.ping(Flags.ACK, sent));
                ping = end.yamux.ping();
                sent = end.sent().get(0).length();
            }
            assertThat(ping.isDone()).isFalse();
            end.receive(Frame.hex(hex));

            assertThat(ping.isSuccess()).isTrue();
        }
    }

    private static void isAnswered(String hex) {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.hex(hex));

            assertThat(end.sent()).containsExactly(Frame.ping(Flags.ACK, 0xffff_ffffL));
        }
    }

    private static void ends(String hex, long code) {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.hex(hex));

            assertThat(end.endCause)
                    .isInstanceOfSatisfying(
                            SessionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(code));
        }
    }

    @Test
    @Conforms({"YMX-2", "YMX-3", "YMX-4", "YMX-5", "YMX-7"})
    void thisEndWritesTheBytesOfTheVectors() {
        Set<String> written = new HashSet<>();
        try (End client = new End(Role.INITIATOR)) {
            YamuxStreamChannel stream = client.open();
            written.add(hexOf(client)); // client opens stream 1 with a window update
            stream.writeAndFlush(Frame.hex("010203"));
            written.add(hexOf(client)); // plain data
            stream.shutdownOutput();
            written.add(hexOf(client)); // half close, empty data
            stream.reset(0x1001);
            written.add(hexOf(client)); // reset with error code
        }
        try (End client = new End(Role.INITIATOR)) {
            client.open(stream -> End.send(stream, "hello"));
            written.add(hexOf(client)); // client opens stream 1 with data
        }
        try (End server = new End(Role.RESPONDER)) {
            server.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            written.add(hexOf(server)); // server accepts stream 1
            server.receive(Frame.ping(Flags.SYN, 7));
            written.add(hexOf(server)); // pong
            server.receive(Frame.data(Flags.NONE, 1, End.text(65_536)));
            hexOf(server);
            server.receive(Frame.data(Flags.NONE, 1, End.text(65_536)));
            written.add(hexOf(server)); // give 128 KiB more
            server.yamux.shutdown(0, Duration.ZERO);
            written.add(hexOf(server)); // go away, normal
        }
        try (End server = new End(Role.RESPONDER)) {
            server.onInbound = stream -> End.send(stream, "ok");
            server.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            written.add(hexOf(server)); // accept with the first data
            server.channel.pipeline().fireExceptionCaught(new IllegalStateException("provoked by the test"));
            written.add(hexOf(server)); // go away, internal error
        }

        Set<String> vectors = new HashSet<>();
        vectors().forEach(vector -> vectors.add(vector.text("hex")));
        assertThat(written).hasSize(11);
        assertThat(vectors).containsAll(written);
    }

    private static List<Vectors> vectors() {
        return Vectors.load("yamux-frames").list("frames");
    }

    private static String hexOf(End end) {
        ByteBuf sent = end.sentBytes();
        String hex = ByteBufUtil.hexDump(sent);
        sent.release();
        return hex;
    }
}
