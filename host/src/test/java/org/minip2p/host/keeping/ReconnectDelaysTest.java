package org.minip2p.host.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class ReconnectDelaysTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static ReconnectDelays delays(DoubleSupplier random) {
        return new ReconnectDelays(Duration.ofSeconds(1), Duration.ofSeconds(10), random);
    }

    @Test
    void doublesUpToTheLongest() {
        ReconnectDelays delays = delays(() -> 0.5);

        assertThat(new long[] {delays.failed(), delays.failed(), delays.failed(), delays.failed(), delays.failed()})
                .containsExactly(SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 10 * SECOND);
        for (int i = 0; i < 10_000; i++) {
            assertThat(delays.failed()).isEqualTo(10 * SECOND);
        }
    }

    @Test
    void spreadsThoseThatHaveLostThePeerTogether() {
        Random random = new Random(1);
        Set<Long> first = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            long delay = delays(random::nextDouble).lost(Duration.ofHours(1).toNanos());
            assertThat(delay).isBetween(SECOND / 2, SECOND * 3 / 2);
            first.add(delay / (SECOND / 100));
        }
        assertThat(first).hasSizeGreaterThan(90);
    }

    @Test
    void aConnectionThatLastedEndsTheCount() {
        ReconnectDelays delays = delays(() -> 0.5);
        delays.failed();
        delays.failed();

        assertThat(delays.lost(2 * SECOND + 1)).isEqualTo(SECOND);
    }

    @Test
    void aConnectionThatEndsAtOnceIsAFailure() {
        ReconnectDelays delays = delays(() -> 0.5);
        assertThat(delays.lost(SECOND)).isEqualTo(SECOND);

        assertThat(delays.lost(SECOND / 2)).isEqualTo(2 * SECOND);
        assertThat(delays.lost(2 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(delays.lost(0)).isEqualTo(8 * SECOND);
    }

    @Test
    void neverWaitsLessThanTheFirstWhenTheLongestIsShorter() {
        ReconnectDelays delays = new ReconnectDelays(Duration.ofSeconds(3), Duration.ofMillis(1), () -> 0.5);

        assertThat(delays.failed()).isEqualTo(3 * SECOND);
        assertThat(delays.failed()).isEqualTo(3 * SECOND);
    }

    @Test
    void theLongestSettingsDoNotOverflow() {
        ReconnectDelays delays = new ReconnectDelays(Duration.ofDays(1), Duration.ofDays(1), () -> 0.999);

        for (int i = 0; i < 100; i++) {
            assertThat(delays.failed()).isEqualTo(Duration.ofDays(1).toNanos());
        }
    }
}
