package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

class RoundTripTest {
    private final RoundTrip roundTrip = new RoundTrip();

    @Test
    @Conforms("YMX-60")
    void isOpenFromARequestToItsAnswer() {
        assertThat(roundTrip.isOpen()).isFalse();

        long value = roundTrip.request(1_000);
        assertThat(roundTrip.isOpen()).isTrue();
        assertThat(roundTrip.sentNanos()).isEqualTo(1_000);
        assertThatThrownBy(() -> roundTrip.request(2_000)).isInstanceOf(IllegalStateException.class);

        assertThat(roundTrip.answer(value, 1_700)).isTrue();
        assertThat(roundTrip.isOpen()).isFalse();
        assertThat(roundTrip.nanos()).isEqualTo(700);
        assertThat(roundTrip.request(3_000)).as("another value").isNotEqualTo(value);
    }

    @Test
    @Conforms("YMX-59")
    void ignoresEveryAnswerWhileNoneIsDue() {
        assertThat(roundTrip.answer(0, 5)).isFalse();
        long value = roundTrip.request(10);
        roundTrip.answer(value, 20);

        assertThat(roundTrip.answer(value, 500)).isFalse();

        assertThat(roundTrip.nanos()).isEqualTo(10);
    }

    @Test
    void remembersTheLastAndTheShortest() {
        assertThat(roundTrip.nanos()).as("none yet").isZero();
        assertThat(roundTrip.shortestNanos()).as("none yet").isZero();

        measure(300);
        assertThat(roundTrip.shortestNanos()).isEqualTo(300);
        measure(500);
        assertThat(roundTrip.nanos()).isEqualTo(500);
        assertThat(roundTrip.shortestNanos()).isEqualTo(300);
        measure(200);
        assertThat(roundTrip.shortestNanos()).isEqualTo(200);
    }

    /** 0 would mean that the round trip is not known. */
    @Test
    void takesAnAnswerWithinOneTickOfTheClockForTheShortestTime() {
        measure(0);

        assertThat(roundTrip.nanos()).isEqualTo(1);
        assertThat(roundTrip.shortestNanos()).isEqualTo(1);
    }

    private void measure(long nanos) {
        assertThat(roundTrip.answer(roundTrip.request(10_000), 10_000 + nanos)).isTrue();
    }
}
