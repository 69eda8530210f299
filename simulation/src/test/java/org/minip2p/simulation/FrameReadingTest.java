package org.minip2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a trace describes frames. */
class FrameReadingTest {
    private static final String OPENING = "\u0013/multistream/1.0.0\n\u0010/ssv/info/0.0.1\n";

    private final List<String> told = new ArrayList<>();
    private final FrameReading reading = new FrameReading(frame -> told.add(frame.toString()));

    @Test
    void findsEachFrameWhereverTheBytesAreCut() {
        ByteBuf bytes = Unpooled.buffer();
        frame(bytes, 0, 1, 5, (OPENING + "x".repeat(300)).getBytes(StandardCharsets.ISO_8859_1));
        frame(bytes, 0, 4, 5, new byte[0]);
        frame(bytes, 0, 2, 7, new byte[1_000]);
        header(bytes, 1, 8, 7, 0);
        header(bytes, 1, 0, 9, 262_144);
        header(bytes, 2, 1, 0, -1);
        header(bytes, 3, 0, 0, 2);
        String[] expected = {
            "data SYN of stream 5, 337, /ssv/info/0.0.1",
            "data FIN of stream 5, 0",
            "data ACK of stream 7, 1000",
            "window update RST of stream 7, 0",
            "window update of stream 9, 262144",
            "ping SYN, 4294967295",
            "go away, 2"
        };

        for (int cut = 1; cut <= bytes.readableBytes(); cut++) {
            told.clear();
            for (int at = 0; at < bytes.readableBytes(); at += cut) {
                reading.add(bytes.slice(at, Math.min(cut, bytes.readableBytes() - at)));
            }

            assertThat(told).as("pieces of %d", cut).containsExactly(expected);
        }
    }

    @Test
    void leavesTheBytesAsTheyAre() {
        ByteBuf bytes = Unpooled.buffer();
        frame(bytes, 0, 1, 1, new byte[40]);

        reading.add(bytes);

        assertThat(bytes.readableBytes()).isEqualTo(52);
        assertThat(bytes.refCnt()).isEqualTo(1);
        assertThat(told).containsExactly("data SYN of stream 1, 40");
    }

    private static void frame(ByteBuf to, int type, int flags, int stream, byte[] body) {
        header(to, type, flags, stream, body.length);
        to.writeBytes(body);
    }

    private static void header(ByteBuf to, int type, int flags, int stream, int length) {
        to.writeByte(0).writeByte(type).writeShort(flags).writeInt(stream).writeInt(length);
    }
}
