package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

/** The networks over time, with SSV's window: 32 slots of 12 s before a fork, 34 slots after it. */
class NetworkScheduleTest {
    private static final String OLD = "0x00000501";
    private static final String NEW = "0x00000502";
    private static final String NEWEST = "0x00000503";
    private static final Instant FORK = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration BEFORE = Duration.ofSeconds(384);
    private static final Duration AFTER = Duration.ofSeconds(408);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final SetClock clock = new SetClock();
    private final NetworkSchedule schedule = NetworkSchedule.startingWith(OLD)
            .thenAt(FORK, NEW)
            .withWindow(BEFORE, AFTER)
            .withClock(clock);

    /** A clock that shows the time that the test sets. */
    private static final class SetClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private void assertAt(Instant now, String network, String... accepted) {
        clock.now = now;
        assertThat(schedule.network()).isEqualTo(network);
        assertThat(schedule.accepted()).containsExactly(accepted);
    }

    @Test
    @Conforms("NIF-35")
    void acceptsBothNetworksFromTheWindowsBeginToItsEnd() {
        assertAt(FORK.minus(BEFORE).minus(MOMENT), OLD, OLD);
        assertAt(FORK.minus(BEFORE), OLD, OLD, NEW);
        assertAt(FORK.minus(MOMENT), OLD, OLD, NEW);
        assertAt(FORK, NEW, OLD, NEW);
        assertAt(FORK.plus(AFTER).minus(MOMENT), NEW, OLD, NEW);
        assertAt(FORK.plus(AFTER), NEW, NEW);
    }

    @Test
    void acceptsOurOwnAloneWithoutAWindow() {
        NetworkSchedule sharp =
                NetworkSchedule.startingWith(OLD).thenAt(FORK, NEW).withClock(clock);

        clock.now = FORK.minus(MOMENT);
        assertThat(sharp.accepted()).containsExactly(OLD);
        clock.now = FORK;
        assertThat(sharp.accepted()).containsExactly(NEW);
    }

    @Test
    void isOneNetworkForEverWithoutForks() {
        NetworkSchedule constant = NetworkSchedule.startingWith(OLD);

        assertThat(constant.network()).isEqualTo(OLD);
        assertThat(constant.accepted()).isEqualTo(Set.of(OLD));
        assertThat(constant.untilWindowEnds()).isEmpty();
    }

    @Test
    void acceptsAllNetworksOfWindowsThatOverlap() {
        NetworkSchedule quick = schedule.thenAt(FORK.plusSeconds(60), NEWEST);

        clock.now = FORK.plusSeconds(59);
        assertThat(quick.network()).isEqualTo(NEW);
        assertThat(quick.accepted()).containsExactly(OLD, NEW, NEWEST);
        clock.now = FORK.plus(AFTER);
        assertThat(quick.network()).isEqualTo(NEWEST);
        assertThat(quick.accepted()).containsExactly(NEW, NEWEST);
    }

    @Test
    void saysHowLongItIsToTheEndOfTheNextWindow() {
        NetworkSchedule two = schedule.thenAt(FORK.plusSeconds(10_000), NEWEST);

        clock.now = FORK.minusSeconds(2);
        assertThat(two.untilWindowEnds()).contains(AFTER.plusSeconds(2));
        clock.now = FORK.plus(AFTER);
        assertThat(two.untilWindowEnds()).contains(Duration.ofSeconds(10_000));
        clock.now = FORK.plusSeconds(10_000).plus(AFTER);
        assertThat(two.untilWindowEnds()).isEmpty();
    }

    @Test
    void refusesForksThatAreNotInOrder() {
        for (Instant at : new Instant[] {FORK.minus(MOMENT), FORK}) {
            ForkOrderException refused =
                    catchThrowableOfType(ForkOrderException.class, () -> schedule.thenAt(at, NEWEST));

            assertThat(refused.before()).isEqualTo(FORK);
            assertThat(refused.at()).isEqualTo(at);
            assertThat(refused).hasMessage("expected a fork later than " + FORK + ", got one at " + at);
        }
    }

    @Test
    void refusesWhatIsNoNetworkAndWhatIsNoWindow() {
        assertThatThrownBy(() -> NetworkSchedule.startingWith("mainnet")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedule.thenAt(FORK.plusSeconds(1), "502"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedule.withWindow(MOMENT.negated(), AFTER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.000000001S");
        assertThatThrownBy(() -> schedule.withWindow(BEFORE, MOMENT.negated()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedule.withWindow(Duration.ofSeconds(Long.MAX_VALUE), AFTER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no window from");
        assertThatThrownBy(() -> schedule.thenAt(Instant.MAX, NEWEST)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A node that has passed a fork does not return to the time before it when its clock is corrected a little. */
    @Test
    void standsStillWhileAClockThatWentBackCatchesUp() {
        clock.now = FORK.plus(AFTER);
        assertThat(schedule.accepted()).containsExactly(NEW);

        assertAt(FORK.plus(AFTER).minusSeconds(5), NEW, NEW);
        assertAt(FORK.plus(AFTER).minus(BEFORE.plus(AFTER)).plus(MOMENT), NEW, NEW);
    }

    /** A node whose clock jumped ahead by mistake does not stay ahead when the clock is corrected. */
    @Test
    void followsAClockThatWentBackByMoreThanAWindow() {
        clock.now = FORK.plus(Duration.ofDays(400));
        assertThat(schedule.network()).isEqualTo(NEW);

        assertAt(FORK.minus(Duration.ofDays(2)), OLD, OLD);
        assertAt(FORK, NEW, OLD, NEW);
    }

    @Test
    void saysWhatItIs() {
        assertThat(schedule)
                .hasToString("NetworkSchedule[Fork[at=-1000000000-01-01T00:00:00Z, network=" + OLD + "], Fork[at="
                        + FORK + ", network=" + NEW + "]] window=-PT6M24S/+PT6M48S");
    }
}
