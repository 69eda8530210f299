package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.minip2p.core.testing.Conforms;

class YamuxHeaderPropertyTest {
    @Property
    @Conforms({"YMX-2", "YMX-3", "YMX-4", "YMX-6", "YMX-7", "YMX-8"})
    void readsWhatItWroteWholeAndByteByByte(
            @ForAll FrameType type,
            @ForAll @IntRange(max = 0xffff) int flags,
            @ForAll @LongRange(max = 0xffff_ffffL) long id,
            @ForAll @LongRange(max = 0xffff_ffffL) long length)
            throws YamuxException {
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
    }

    @Property
    @Conforms({"YMX-3", "YMX-4"})
    void refusesEveryOtherVersionAndType(@ForAll int firstWord, @ForAll int id, @ForAll int length) {
        Assume.that((firstWord >>> 24) != 0 || ((firstWord >> 16) & 0xff) > 3);

        YamuxException refusal =
                catchThrowableOfType(YamuxException.class, () -> new FrameReader().header(firstWord, id, length));

        assertThat(refusal.goAwayCode()).isEqualTo(GoAwayCode.PROTOCOL_ERROR);
    }
}
