package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void showsSizesInTheLargestUnitThatFits() {
        assertThat(Units.size(1023)).isEqualTo("1023 B");
        assertThat(Units.size(1536)).isEqualTo("1.5 KiB");
        assertThat(Units.size(256L << 20)).isEqualTo("256 MiB");
        assertThat(Units.size(3L << 30)).isEqualTo("3 GiB");
    }

    @Test
    void showsRatesAndTimes() {
        assertThat(Units.mibPerSecond(10L << 20, 2_000_000_000)).isEqualTo(5.0);
        assertThat(Units.time(Units.micros(61_440))).isEqualTo("61.4 µs");
        assertThat(Units.time(Units.micros(25_000_000))).isEqualTo("25 ms");
    }

    @Test
    void givesPercentilesByNearestRank() {
        Latencies times = new Latencies();
        LongStream.rangeClosed(1, 100).map(micros -> (101 - micros) * 1000).forEach(times::add);
        Latencies one = new Latencies();
        one.add(7000);

        assertThat(times.percentileMicros(50)).isEqualTo(50.0);
        assertThat(times.percentileMicros(99)).isEqualTo(99.0);
        assertThat(one.percentileMicros(50)).isEqualTo(7.0);
    }
}
