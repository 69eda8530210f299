package org.minip2p.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Ranks known times, to the precision with which they are kept. */
class LatenciesTest {
    private static final Percentage EXACT = Percentage.withPercentage(0.1);

    @Test
    void ranksAHundredTimes() {
        Latencies times = new Latencies();

        LongStream.rangeClosed(1, 100).map(micros -> (101 - micros) * 1_000).forEach(times::add);

        assertThat(times.percentileMicros(50)).isCloseTo(50, EXACT);
        assertThat(times.percentileMicros(99)).isCloseTo(99, EXACT);
        assertThat(times.percentileMicros(100)).isCloseTo(100, EXACT);
    }

    @Test
    void ranksFewTimes() {
        Latencies one = new Latencies();
        Latencies three = new Latencies();

        one.add(7_000);
        LongStream.of(30_000, 10_000, 20_000).forEach(three::add);

        assertThat(one.percentileMicros(50)).isCloseTo(7, EXACT);
        assertThat(one.percentileMicros(99)).isCloseTo(7, EXACT);
        assertThat(three.percentileMicros(50)).isCloseTo(20, EXACT);
        assertThat(three.percentileMicros(99)).isCloseTo(30, EXACT);
    }

    @Test
    void keepsTimesOfMicrosecondsAndOfSecondsApart() {
        Latencies times = new Latencies();

        LongStream.range(0, 98).forEach(each -> times.add(25_300));
        LongStream.range(0, 2).forEach(each -> times.add(12_000_000_000L));

        assertThat(times.percentileMicros(98)).isCloseTo(25.3, Percentage.withPercentage(0.5));
        assertThat(times.percentileMicros(99)).isCloseTo(12_000_000, EXACT);
    }

    @Test
    void countsThem() {
        Latencies times = new Latencies();

        times.add(1);
        times.add(1);

        assertThat(times.count()).isEqualTo(2);
    }
}
