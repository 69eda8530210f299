package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quartiles and outliers, and their text form (UNI-34 to UNI-38). */
class PerfSamplesTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @Test
    void aSampleThatLiesAtTheQuartileIsTheQuartile() {
        PerfSamples samples = of(5, 1, 4, 2, 3);

        assertThat(samples.q1()).isEqualTo(2);
        assertThat(samples.median()).isEqualTo(3);
        assertThat(samples.q3()).isEqualTo(4);
    }

    /** UNI-37. */
    @Test
    void otherwiseItLiesBetweenItsNeighboursInProportion() {
        PerfSamples four = of(40, 10, 30, 20);
        PerfSamples ten = of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

        assertThat(four.q1()).isCloseTo(17.5, ROUNDING);
        assertThat(four.median()).isCloseTo(25, ROUNDING);
        assertThat(four.q3()).isCloseTo(32.5, ROUNDING);
        assertThat(ten.q1()).isCloseTo(3.25, ROUNDING);
        assertThat(ten.median()).isCloseTo(5.5, ROUNDING);
        assertThat(ten.q3()).isCloseTo(7.75, ROUNDING);
    }

    /** UNI-37, UNI-38: with quartiles 2 and 4, the samples from -1 to 7 are not outliers. */
    @Test
    void leavesOutliersOutOfMinAndMaxAndKeepsThemAmongTheSamples() {
        PerfSamples within = of(7, -1, 2, 2, 3, 4, 4);
        PerfSamples without = of(7.1, -1.1, 2, 2, 3, 4, 4);

        assertThat(within.outliers()).isEmpty();
        assertThat(List.of(within.min(), within.max())).containsExactly(-1.0, 7.0);
        assertThat(without.outliers()).containsExactly(-1.1, 7.1);
        assertThat(List.of(without.min(), without.max())).containsExactly(2.0, 4.0);
        assertThat(without.samples()).containsExactly(-1.1, 2.0, 2.0, 3.0, 4.0, 4.0, 7.1);
    }

    @Test
    void oneSampleIsEverything() {
        PerfSamples one = of(2.5);

        assertThat(one).isEqualTo(new PerfSamples(2.5, 2.5, 2.5, 2.5, 2.5, List.of(), List.of(2.5)));
    }

    /** If the quartiles are equal, a rounding error would make samples outliers. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 10, 100})
    void equalSamplesAreNoOutliers(int count) {
        for (double value : new SplittableRandom(2).doubles(1_000).toArray()) {
            PerfSamples equal =
                    of(DoubleStream.generate(() -> value).limit(count).toArray());

            assertThat(equal.outliers()).isEmpty();
            assertThat(equal.min()).isEqualTo(value);
            assertThat(equal.max()).isEqualTo(value);
        }
    }

    @Test
    void isInOrderWhateverIsMeasured() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2_000; round++) {
            double[] measured =
                    random.doubles(1 + random.nextInt(40)).map(x -> 1 / x).toArray();

            PerfSamples samples = of(measured);

            assertThat(List.of(samples.q1(), samples.median(), samples.q3()))
                    .as("%s", Arrays.toString(measured))
                    .isSorted();
            assertThat(samples.samples()).hasSize(measured.length).isSorted().containsAll(samples.outliers());
            assertThat(samples.samples().stream().filter(sample -> sample < samples.min() || sample > samples.max()))
                    .containsExactlyElementsOf(samples.outliers());
        }
    }

    @Test
    void hasNoQuartileWithoutASample() {
        assertThatThrownBy(PerfSamplesTest::of).isInstanceOf(IllegalArgumentException.class);
    }

    /** UNI-34 to UNI-36, exact to the byte. */
    @Test
    void isWrittenAsTheTestsReadIt() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(of(2, 2, 3, 4, 4, 700.126).section("upload", 2, "Gbps")).isEqualTo("""
                    upload:
                      iterations: 6
                      min: 2.00
                      q1: 2.25
                      median: 3.50
                      q3: 4.00
                      max: 4.00
                      outliers: [700.13]
                      samples: [2.00, 2.00, 3.00, 4.00, 4.00, 700.13]
                      unit: Gbps
                    """);
            assertThat(of(0.0005, 1234.5678).section("latency", 3, "ms")).isEqualTo("""
                    latency:
                      iterations: 2
                      min: 0.001
                      q1: 308.642
                      median: 617.284
                      q3: 925.926
                      max: 1234.568
                      outliers: []
                      samples: [0.001, 1234.568]
                      unit: ms
                    """);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static PerfSamples of(double... measured) {
        return PerfSamples.of(DoubleStream.of(measured).boxed().toList());
    }
}
