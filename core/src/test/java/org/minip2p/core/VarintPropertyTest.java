package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.minip2p.core.VarintException.Reason;
import org.minip2p.core.testing.Conforms;

class VarintPropertyTest {
    @Property
    @Conforms({"VAR-1", "VAR-2", "VAR-7", "VAR-8"})
    void readsWhatItWroteAndLeavesWhatFollows(@ForAll @LongRange(min = 0) long value, @ForAll byte[] rest)
            throws VarintException {
        ByteBuffer in = ByteBuffer.wrap(Bytes.concat(Varint.encode(value), rest));

        assertThat(Varint.decode(in)).isEqualTo(value);

        assertThat(in.position()).isEqualTo(Varint.size(value));
        assertThat(in.remaining()).isEqualTo(rest.length);
    }

    @Property
    @Conforms("VAR-1")
    void hasSevenBitsAByteAndTheLowestFirst(@ForAll @LongRange(min = 0) long value) {
        byte[] encoded = Varint.encode(value);

        long sum = 0;
        for (int i = encoded.length - 1; i >= 0; i--) {
            sum = (sum << 7) | (encoded[i] & 0x7f);
            assertThat(encoded[i] < 0).as("more follows byte %d", i).isEqualTo(i < encoded.length - 1);
        }
        assertThat(sum).isEqualTo(value);
    }

    @Property
    @Conforms({"VAR-9", "VAR-10"})
    void asksForMoreWhereverANumberIsCut(@ForAll @LongRange(min = 128) long value) {
        byte[] encoded = Varint.encode(value);
        for (int length = 0; length < encoded.length; length++) {
            ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(encoded, length));

            VarintException refusal = catchThrowableOfType(VarintException.class, () -> Varint.decode(in));

            assertThat(refusal.reason()).isEqualTo(Reason.INCOMPLETE);
            assertThat(in.remaining()).as("nothing is taken").isEqualTo(length);
        }
    }
}
