package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/**
 * Any bytes are either a number in its only encoding, or refused with the declared exception, and then nothing is
 * consumed.
 */
class VarintFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input);
        try {
            long value = Varint.decode(in);
            assertThat(Varint.encode(value)).isEqualTo(Arrays.copyOf(input, in.position()));
            return true;
        } catch (VarintException refusal) {
            assertThat(in.position()).isZero();
            return false;
        }
    }

    @TestFactory
    @Conforms({"VAR-2", "VAR-3", "VAR-4", "VAR-7"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(VarintFuzzTest.class, VarintFuzzTest::accepts);
    }
}
