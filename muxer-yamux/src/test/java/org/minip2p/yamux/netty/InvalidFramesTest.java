package org.minip2p.yamux.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
import org.minip2p.yamux.FrameType;
import org.minip2p.yamux.YamuxException;

/** The invalid frames of the vectors, and input that must end a session. */
class InvalidFramesTest {
    /** The vectors after which the session goes on (YMX-7, 23, 59, 62). */
    private static final Set<String> HARMLESS = Set.of(
            "ping with neither SYN nor ACK",
            "ping with SYN and ACK",
            "pong that answers no ping",
            "unknown flag 0x10",
            "frame for a stream never opened");

    /** Frames that only a server can send, so the session under test is the client. */
    private static final Map<String, Role> RECEIVER = Map.of("SYN with an odd id sent by the server", Role.INITIATOR);

    @TestFactory
    @Conforms({
        "YMX-3", "YMX-4", "YMX-7", "YMX-11", "YMX-20", "YMX-23", "YMX-45", "YMX-46", "YMX-59", "YMX-62", "YMX-68",
        "YMX-70"
    })
    Stream<DynamicTest> obeysTheRuleOfEachVector() {
        return Vectors.load("yamux-frames").list("invalid").stream()
                .map(vector -> DynamicTest.dynamicTest(vector.text("reason"), () -> check(vector)));
    }

    private static void check(Vectors vector) {
        String reason = vector.text("reason");
        try (End end = new End(RECEIVER.getOrDefault(reason, Role.RESPONDER))) {
            if (!reason.contains("SYN")) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
                end.sent();
            }
            end.receive(Frame.hex(vector.text("hex")));

            if (HARMLESS.contains(reason)) {
                assertThat(end.ended).isZero();
                assertThat(end.sent()).isEmpty();
            } else if (reason.startsWith("go away")) {
                assertThat(end.ended).isEqualTo(1);
                assertThat(end.endCause)
                        .isInstanceOfSatisfying(
                                SessionClosedException.class,
                                closed -> assertThat(closed.code()).isEqualTo(9));
            } else {
                assertThat(end.sent()).containsExactly(Frame.goAway(1));
                assertThat(end.ended).isEqualTo(1);
                assertThat(end.endCause).isInstanceOf(YamuxException.class);
            }
        }
    }

    @Test
    @Conforms("YMX-70")
    void writesGoAwayAndIsDeafAfterwards() {
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            end.sent();
            end.receive(
                    new Frame(FrameType.PING, Flags.SYN, 7, 1, ""),
                    Frame.ping(Flags.SYN, 2),
                    Frame.windowUpdate(Flags.SYN, 3, 0));
            end.receive(Frame.ping(Flags.SYN, 2));

            assertThat(end.sent()).containsExactly(Frame.goAway(1));
            assertThat(end.inbound).hasSize(1);
            assertThat(end.recorder(1).events).containsExactly("active", "error", "inactive");
            assertThat(end.recorder(1).error)
                    .isInstanceOf(SessionClosedException.class)
                    .hasCauseInstanceOf(YamuxException.class);
        }
    }

    @Test
    @Conforms({"YMX-46", "YMX-47"})
    void endsBeforeMemoryIsTakenForABodyBeyondTheWindow() { // SEC-33, 36, 48
        try (End end = new End(Role.RESPONDER)) {
            end.receive(Frame.header(FrameType.DATA, Flags.SYN, 1, 262_145));
            assertThat(end.sent()).containsExactly(Frame.goAway(1));
            assertThat(end.inbound).isEmpty();
        }
        try (End end = new End(Role.RESPONDER)) {
            end.onInbound = stream -> stream.config().setAutoRead(false);
            end.receive(Frame.data(Flags.SYN, 1, End.text(262_144)));
            end.receive(Frame.data(Flags.NONE, 1, "x"));
            assertThat(end.sent()).endsWith(Frame.goAway(1));
            assertThat(end.recorder(1).bytes).isZero();
        }
    }

    /** The kind of stream that a frame of the mix concerns. */
    private enum About {
        /** A stream that the peer may open. */
        FRESH,
        /** A stream that the peer has opened. */
        THEIRS,
        /** A stream that this end has opened and that is not acknowledged yet. */
        OURS;

        long id() {
            return this == OURS ? 2 : 1;
        }
    }

    /** All sets of flags on data and window updates, with and without a length, for each kind of stream. */
    @Test
    @Conforms({"YMX-25", "YMX-27", "YMX-37"})
    void copesWithEveryMixOfFlags() { // SEC-43
        List<String> wrong = new ArrayList<>();
        for (FrameType type : List.of(FrameType.DATA, FrameType.WINDOW_UPDATE)) {
            for (int flags = 0; flags < 16; flags++) {
                for (int length : new int[] {0, 5}) {
                    for (About about : About.values()) {
                        Frame frame = new Frame(
                                type, flags, about.id(), length, type == FrameType.DATA ? "x".repeat(length) : "");
                        mix(frame, about, wrong);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void mix(Frame frame, About about, List<String> wrong) {
        boolean live = about != About.FRESH;
        boolean fatal = live && frame.has(Flags.SYN);
        boolean exists = !fatal && !frame.has(Flags.RST) && (live || frame.has(Flags.SYN));
        boolean opened = exists && !live;
        List<Frame> answers = new ArrayList<>();
        if (opened) {
            answers.add(Frame.windowUpdate(Flags.ACK, 1, 0));
        }
        answers.add(fatal ? Frame.goAway(1) : Frame.ping(Flags.ACK, 1));
        try (End end = new End(Role.RESPONDER)) {
            if (about == About.THEIRS) {
                end.receive(Frame.windowUpdate(Flags.SYN, 1, 0));
            } else if (about == About.OURS) {
                end.open();
            }
            end.sent();
            end.receive(frame);
            end.receive(Frame.ping(Flags.SYN, 1));

            Recorder recorder = end.recorders.get(about.id());
            Map<String, Object> expected = Map.of(
                    "ended",
                    fatal ? 1 : 0,
                    "streams",
                    exists ? 1 : 0,
                    "end of input",
                    exists && frame.has(Flags.FIN),
                    "reset",
                    live && !fatal && frame.has(Flags.RST),
                    "bytes",
                    exists && frame.type() == FrameType.DATA ? frame.length() : 0L,
                    "credit",
                    exists && frame.type() == FrameType.WINDOW_UPDATE ? 262_144 + frame.length() : 262_144L,
                    "answers",
                    Set.copyOf(answers));
            Map<String, Object> actual = Map.of(
                    "ended",
                    end.ended,
                    "streams",
                    end.ended > 0 ? 0 : end.yamux.openStreams(),
                    "end of input",
                    recorder != null && recorder.events.contains("input-shutdown"),
                    "reset",
                    recorder != null && recorder.error instanceof StreamResetException,
                    "bytes",
                    recorder == null ? 0L : recorder.bytes,
                    "credit",
                    exists
                            ? end.channel(about.id())
                                    .local()
                                    .protocol()
                                    .sendWindow()
                                    .available()
                            : 262_144L,
                    "answers",
                    Set.copyOf(end.sent()));
            if (!actual.equals(expected)) {
                wrong.add(frame + " " + about + ": expected " + expected + " was " + actual);
            }
        }
    }

    @Test
    void survivesRandomBytes() {
        java.util.Random random = new java.util.Random(20_260_101);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            for (int at = 0; at + 4 < bytes.length; at += 12 + random.nextInt(3)) {
                bytes[at] = 0; // mostly valid headers
                bytes[at + 1] = (byte) random.nextInt(4);
                bytes[at + 2] = 0;
                bytes[at + 3] = (byte) random.nextInt(16);
                if (at + 11 < bytes.length) {
                    bytes[at + 4] = bytes[at + 5] = bytes[at + 6] = 0;
                    bytes[at + 7] = (byte) random.nextInt(4);
                    bytes[at + 8] = bytes[at + 9] = bytes[at + 10] = 0;
                }
            }
            try (End end = new End(Role.RESPONDER)) {
                end.receive(Frame.hex(HexFormat.of().formatHex(bytes)));
                end.sentBytes().release();
                assertThat(end.ended).isLessThanOrEqualTo(1);
            }
        }
    }
}
