package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.VarintException.Reason;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class VarintTest {
    static List<Vectors> valid() {
        return Vectors.load("varint").list("valid");
    }

    static List<Vectors> invalid() {
        return Vectors.load("varint").list("invalid");
    }

    @Conforms({"VAR-1", "VAR-2"})
    @ParameterizedTest
    @MethodSource("valid")
    void readsAndWritesEveryValidVector(Vectors vector) throws VarintException {
        long value = vector.number("value");
        ByteBuffer in = ByteBuffer.wrap(vector.hex("hex"));

        assertThat(Varint.encode(value)).isEqualTo(vector.hex("hex"));
        assertThat(Varint.size(value)).isEqualTo(vector.hex("hex").length);
        assertThat(Varint.decode(in)).isEqualTo(value);
        assertThat(in.hasRemaining()).isFalse();
    }

    @Conforms({"VAR-3", "VAR-4", "VAR-9"})
    @ParameterizedTest
    @MethodSource("invalid")
    void refusesEveryInvalidVectorForItsReasonAndTakesNothing(Vectors vector) {
        ByteBuffer in = ByteBuffer.wrap(vector.hex("hex"));

        VarintException refusal = catchThrowableOfType(VarintException.class, () -> Varint.decode(in));

        assertThat(refusal.reason())
                .isEqualTo(
                        switch (vector.text("reason")) {
                            case "truncated" -> Reason.INCOMPLETE;
                            case "not-minimal" -> Reason.NOT_MINIMAL;
                            case "too-long" -> Reason.TOO_LONG;
                            default -> throw new AssertionError(vector.text("reason"));
                        });
        assertThat(in.position()).isZero();
    }

    @Conforms("VAR-4")
    @Test
    void refusesTheNinthByteWithItsHighBitSetBeforeATenthIsThere() {
        ByteBuffer nineBytes = ByteBuffer.wrap(Hex.bytes("808080808080808080"));

        assertThatThrownBy(() -> Varint.decode(nineBytes))
                .isInstanceOfSatisfying(
                        VarintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
    }

    @Conforms("VAR-5")
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MIN_VALUE + 1})
    void doesNotWrite2ToThe63AndAbove(long unsigned) {
        assertThatIllegalArgumentException().isThrownBy(() -> Varint.encode(unsigned));
        assertThatIllegalArgumentException().isThrownBy(() -> Varint.size(unsigned));
        assertThatIllegalArgumentException().isThrownBy(() -> Varint.encode(unsigned, new byte[20], 0));
    }

    @Conforms("VAR-6")
    @Test
    void carriesTheLargestNumber() throws VarintException {
        assertThat(Varint.encode(Long.MAX_VALUE)).isEqualTo(Hex.bytes("ffffffffffffffff7f"));
        assertThat(Varint.decode(ByteBuffer.wrap(Hex.bytes("ffffffffffffffff7f"))))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Conforms({"VAR-7", "VAR-8"})
    @Test
    void takesTheNumberAndLeavesTheRest() throws VarintException {
        ByteBuffer in = ByteBuffer.wrap(Hex.bytes("ffac0280")).position(1);

        assertThat(Varint.decode(in)).isEqualTo(300);

        assertThat(in.position()).isEqualTo(3);
        assertThat(in.remaining()).isEqualTo(1);
    }

    @Conforms("VAR-8")
    @Test
    void readsNothingBehindTheLimitOfTheBuffer() {
        ByteBuffer in = ByteBuffer.wrap(Hex.bytes("ac02")).limit(1);

        assertThatThrownBy(() -> Varint.decode(in))
                .isInstanceOfSatisfying(
                        VarintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INCOMPLETE));
    }

    @Conforms("VAR-10")
    @Test
    void tellsACleanEndFromAnEndInsideANumberByWhatIsLeft() {
        ByteBuffer cleanEnd = ByteBuffer.allocate(0);
        ByteBuffer cut = ByteBuffer.wrap(Hex.bytes("80"));

        assertThatThrownBy(() -> Varint.decode(cleanEnd)).isInstanceOf(VarintException.class);
        assertThatThrownBy(() -> Varint.decode(cut)).isInstanceOf(VarintException.class);

        assertThat(cleanEnd.hasRemaining()).isFalse();
        assertThat(cut.hasRemaining()).isTrue();
    }

    @Test
    void writesInTheMiddleOfAnArrayAndNowhereElse() {
        byte[] target = Hex.bytes("1111111111");

        int written = Varint.encode(300, target, 2);

        assertThat(written).isEqualTo(2);
        assertThat(target).isEqualTo(Hex.bytes("1111ac0211"));
    }

    @Test
    void writesNothingWhenItDoesNotFit() {
        byte[] target = new byte[3];

        assertThatThrownBy(() -> Varint.encode(300, target, 2)).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(target).containsOnly(0);
    }

    @Test
    void readsWhatItWrote() throws VarintException {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >>> (1 + random.nextInt(63));
            byte[] encoded = Varint.encode(value);

            assertThat(encoded).hasSize(Varint.size(value));
            assertThat(Varint.decode(ByteBuffer.wrap(encoded))).isEqualTo(value);
        }
    }

    @Test
    void writesWhatItRead() {
        Random random = new Random(2);
        byte[] bytes = new byte[10];
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            try {
                long value = Varint.decode(in);
                accepted++;
                assertThat(Varint.encode(value)).isEqualTo(Arrays.copyOf(bytes, in.position()));
            } catch (VarintException e) {
                assertThat(in.position()).isZero();
            }
        }
        assertThat(accepted).isGreaterThan(50_000);
    }
}
