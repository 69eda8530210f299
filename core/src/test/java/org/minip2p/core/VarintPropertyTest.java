package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.longs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.minip2p.core.VarintException.Reason;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Property;

class VarintPropertyTest {
    @Test
    @Conforms({"VAR-1", "VAR-2", "VAR-7", "VAR-8"})
    void readsWhatItWroteAndLeavesWhatFollows() {
        Property.holds(draw -> {
            long value = draw.of("value", longs(0, Long.MAX_VALUE));
            byte[] rest = draw.of("rest", bytes());
            ByteBuffer in = ByteBuffer.wrap(Bytes.concat(Varint.encode(value), rest));

            assertThat(Varint.decode(in)).isEqualTo(value);

            assertThat(in.position()).isEqualTo(Varint.size(value));
            assertThat(in.remaining()).isEqualTo(rest.length);
        });
    }

    @Test
    @Conforms("VAR-1")
    void hasSevenBitsAByteAndTheLowestFirst() {
        Property.holds(draw -> {
            long value = draw.of("value", longs(0, Long.MAX_VALUE));

            byte[] encoded = Varint.encode(value);

            long sum = 0;
            for (int i = encoded.length - 1; i >= 0; i--) {
                sum = (sum << 7) | (encoded[i] & 0x7f);
                assertThat(encoded[i] < 0).as("a byte follows byte %d", i).isEqualTo(i < encoded.length - 1);
            }
            assertThat(sum).isEqualTo(value);
        });
    }

    @Test
    @Conforms({"VAR-9", "VAR-10"})
    void asksForMoreWhereverANumberIsCut() {
        Property.holds(draw -> {
            byte[] encoded = Varint.encode(draw.of("value", longs(128, Long.MAX_VALUE)));
            for (int length = 0; length < encoded.length; length++) {
                ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(encoded, length));

                VarintException refusal = catchThrowableOfType(VarintException.class, () -> Varint.decode(in));

                assertThat(refusal.reason()).isEqualTo(Reason.INCOMPLETE);
                assertThat(in.remaining()).as("nothing is consumed").isEqualTo(length);
            }
        });
    }
}
