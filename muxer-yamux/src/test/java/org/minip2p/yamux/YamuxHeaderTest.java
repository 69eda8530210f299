package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

/** Checks headers against the vectors. */
class YamuxHeaderTest {
    private static final Map<String, FrameType> TYPES = Map.of(
            "data", FrameType.DATA,
            "window_update", FrameType.WINDOW_UPDATE,
            "ping", FrameType.PING,
            "go_away", FrameType.GO_AWAY);
    private static final Map<String, Integer> FLAGS =
            Map.of("SYN", Flags.SYN, "ACK", Flags.ACK, "FIN", Flags.FIN, "RST", Flags.RST);

    @TestFactory
    @Conforms({"YMX-2", "YMX-4", "YMX-5"})
    Stream<DynamicTest> readsAndWritesTheVectors() {
        return Vectors.load("yamux-frames").list("frames").stream()
                .map(vector -> DynamicTest.dynamicTest(vector.text("name"), () -> {
                    FrameType type = Objects.requireNonNull(TYPES.get(vector.text("type")));
                    int flags =
                            vector.texts("flags").stream().mapToInt(FLAGS::get).sum();
                    ByteBuffer bytes = ByteBuffer.wrap(vector.hex("hex"));

                    FrameReader reader = new FrameReader();
                    reader.header(bytes.getInt(), bytes.getInt(), bytes.getInt());

                    assertThat(reader.type()).isEqualTo(type);
                    assertThat(reader.flags()).isEqualTo(flags);
                    assertThat(reader.streamId()).isEqualTo(vector.number("stream_id"));
                    assertThat(reader.length()).isEqualTo(vector.number("length"));
                    assertThat(reader.bodyRemaining()).isEqualTo(bytes.remaining());
                    assertThat(YamuxHeader.firstWord(type, flags))
                            .isEqualTo(bytes.rewind().getInt());
                }));
    }

    @Test
    @Conforms({"YMX-2", "YMX-4", "YMX-5", "YMX-40", "YMX-64", "YMX-71"})
    void hasTheConstantsOfTheVectors() {
        Vectors constants = Vectors.load("yamux-frames").object("constants");

        assertThat(YamuxHeader.SIZE_BYTES).isEqualTo((int) constants.number("header_size"));
        assertThat(SendWindow.INITIAL_BYTES).isEqualTo(constants.number("initial_window"));
        TYPES.forEach((name, type) -> assertThat(type.code())
                .isEqualTo((int) constants.object("types").number(name)));
        FLAGS.forEach((name, flag) ->
                assertThat(flag).isEqualTo((int) constants.object("flags").number(name)));
        Vectors codes = constants.object("go_away");
        assertThat(GoAwayCode.NORMAL).isEqualTo(codes.number("normal"));
        assertThat(GoAwayCode.PROTOCOL_ERROR).isEqualTo(codes.number("protocol_error"));
        assertThat(GoAwayCode.INTERNAL_ERROR).isEqualTo(codes.number("internal_error"));
        assertThat(YamuxSession.MAX_UNACKNOWLEDGED_OUTBOUND).isEqualTo((int) constants.number("suggested_ack_backlog"));
    }

    @Test
    @Conforms("YMX-8")
    void isReadFromSingleBytesToo() throws YamuxException {
        FrameReader reader = new FrameReader();
        byte[] header = {0, 1, 0, 2, (byte) 0x80, 0, 0, 1, 0, (byte) 0xfc, 0, 0};

        for (int i = 0; i < 11; i++) {
            assertThat(reader.headerByte(header[i])).isFalse();
            assertThat(reader.isInHeader()).isTrue();
        }
        assertThat(reader.headerByte(header[11])).isTrue();

        assertThat(reader.isInHeader()).isFalse();
        assertThat(reader.type()).isEqualTo(FrameType.WINDOW_UPDATE);
        assertThat(reader.has(Flags.ACK)).isTrue();
        assertThat(reader.streamId()).isEqualTo(0x80000001L);
        assertThat(reader.length()).isEqualTo(16515072);
    }

    @Test
    @Conforms("YMX-6")
    void hasABodyOnlyInDataFrames() throws YamuxException {
        FrameReader reader = new FrameReader();

        reader.header(YamuxHeader.firstWord(FrameType.PING, Flags.SYN), 0, -1);
        assertThat(reader.isInBody()).isFalse();

        reader.header(YamuxHeader.firstWord(FrameType.DATA, Flags.NONE), 1, 3);
        reader.bodyRead(2);
        assertThat(reader.bodyRemaining()).isEqualTo(1);
        reader.bodyRead(1);
        assertThat(reader.isInBody()).isFalse();
    }

    @Test
    void isShownInLogsWithAllItsFields() throws YamuxException {
        FrameReader reader = new FrameReader();

        reader.header(YamuxHeader.firstWord(FrameType.WINDOW_UPDATE, Flags.SYN | 0x10), -1, 5);

        assertThat(reader).hasToString("WINDOW_UPDATE flags=0x11 stream=4294967295 length=5");
    }

    @Test
    @Conforms({"YMX-3", "YMX-4"})
    void refusesOtherVersionsAndTypes() {
        FrameReader reader = new FrameReader();

        assertThatThrownBy(() -> reader.header(0x01000000, 1, 0))
                .isInstanceOf(YamuxException.class)
                .hasMessageContaining("version 1");
        assertThatThrownBy(() -> reader.header(0x00040000, 1, 0)).hasMessageContaining("type 4");
        assertThatThrownBy(() -> reader.header(0x00ff0000, 1, 0)).hasMessageContaining("type 255");
    }
}
