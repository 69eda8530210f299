package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.testing.Vectors;

class VarintTest {
    static List<Vectors> valid() {
        return Vectors.load("varint").list("valid");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void readsAndWritesEveryValidVector(Vectors vector) throws VarintException {
        long value = vector.number("value");

        assertThat(Varint.encode(value)).isEqualTo(vector.hex("hex"));
        assertThat(Varint.decode(ByteBuffer.wrap(vector.hex("hex")))).isEqualTo(value);
    }
}
