package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long WINDOW = 30;

    @Test
    void allowsAsManyAsItsLimitWithinOneWindow() {
        RateLimit limit = new RateLimit(3, WINDOW);

        assertThat(limit.tryCount(100)).isTrue();
        assertThat(limit.tryCount(100)).isTrue();
        assertThat(limit.tryCount(129)).isTrue();
        assertThat(limit.tryCount(129)).isFalse();
        assertThat(limit.tryCount(129)).isFalse();
    }

    @Test
    void beginsItsWindowWithTheFirstEvent() {
        RateLimit limit = new RateLimit(1, WINDOW);

        assertThat(limit.tryCount(25)).isTrue();
        assertThat(limit.tryCount(54)).isFalse();
        assertThat(limit.tryCount(55)).as("the window is over").isTrue();
    }

    @Test
    void beginsAnotherWindowWithTheFirstEventAfterOne() {
        RateLimit limit = new RateLimit(1, WINDOW);
        limit.tryCount(0);

        assertThat(limit.tryCount(50)).isTrue();
        assertThat(limit.tryCount(79)).isFalse();
        assertThat(limit.tryCount(80)).isTrue();
    }

    @Test
    void givesBackNoMoreThanWasCounted() {
        RateLimit limit = new RateLimit(2, WINDOW);
        limit.giveBack();
        limit.tryCount(0);
        limit.giveBack();
        limit.giveBack();

        assertThat(limit.tryCount(1)).isTrue();
        assertThat(limit.tryCount(1)).isTrue();
        assertThat(limit.tryCount(1)).isFalse();
        limit.giveBack();
        limit.giveBack();
        assertThat(limit.tryCount(1)).isTrue();
        assertThat(limit.tryCount(1)).isFalse();
    }

    /** {@code System.nanoTime} may be negative, and may overflow from the largest number to the lowest. */
    @Test
    void countsAcrossTheEndOfTheClock() {
        RateLimit limit = new RateLimit(1, WINDOW);

        assertThat(limit.tryCount(Long.MAX_VALUE - 10)).isTrue();
        assertThat(limit.tryCount(Long.MIN_VALUE + 18)).isFalse();
        assertThat(limit.tryCount(Long.MIN_VALUE + 19)).isTrue();
    }
}
