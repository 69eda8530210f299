package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.longs;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

class YamuxHeaderPropertyTest {
    @Test
    @Conforms({"YMX-2", "YMX-3", "YMX-4", "YMX-6", "YMX-7", "YMX-8"})
    void readsWhatItWroteWholeAndByteByByte() {
        Property.holds(draw -> {
            FrameType type = draw.of("type", Generator.of(FrameType.values()));
            int flags = draw.of("flags", integers(0, 0xffff));
            long id = draw.of("id", longs(0, 0xffff_ffffL));
            long length = draw.of("length", longs(0, 0xffff_ffffL));
            ByteBuffer header = ByteBuffer.allocate(YamuxHeader.SIZE_BYTES)
                    .putInt(YamuxHeader.firstWord(type, flags))
                    .putInt((int) id)
                    .putInt((int) length)
                    .flip();
            FrameReader whole = new FrameReader();
            FrameReader inPieces = new FrameReader();

            for (int i = 0; i < YamuxHeader.SIZE_BYTES; i++) {
                assertThat(inPieces.headerByte(header.get(i))).isEqualTo(i == YamuxHeader.SIZE_BYTES - 1);
            }
            whole.header(header.getInt(), header.getInt(), header.getInt());

            for (FrameReader reader : new FrameReader[] {whole, inPieces}) {
                assertThat(reader.type()).isEqualTo(type);
                assertThat(reader.flags()).isEqualTo(flags);
                assertThat(reader.streamId()).isEqualTo(id);
                assertThat(reader.length()).isEqualTo(length);
                assertThat(reader.bodyRemaining()).isEqualTo(type == FrameType.DATA ? length : 0);
                assertThat(reader.isInHeader()).isFalse();
            }
        });
    }

    @Test
    @Conforms({"YMX-3", "YMX-4"})
    void refusesEveryOtherVersionAndType() {
        Property.holds(draw -> {
            int firstWord = draw.of("first word", integers());
            int id = draw.of("id", integers());
            int length = draw.of("length", integers());
            draw.assume((firstWord >>> 24) != 0 || ((firstWord >> 16) & 0xff) > 3);

            YamuxException refusal =
                    catchThrowableOfType(YamuxException.class, () -> new FrameReader().header(firstWord, id, length));

            assertThat(refusal.goAwayCode()).isEqualTo(GoAwayCode.PROTOCOL_ERROR);
        });
    }
}
