package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

class ReceiveWindowTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long MILLI = 1_000_000;
    private static final long ROUND_TRIP = 60 * MILLI;

    private final ConnectionBudget budget = new ConnectionBudget(64 * MIB, MemoryBudget.UNLIMITED);
    private final ReceiveWindow window = new ReceiveWindow(16 * MIB, budget, 0);

    @Test
    @Conforms("YMX-46")
    void refusesOneByteTooMany() throws YamuxException {
        window.take(262_144);

        assertThat(window.remaining()).isZero();
        assertThatThrownBy(() -> window.take(1))
                .isInstanceOfSatisfying(
                        YamuxException.class, e -> assertThat(e.goAwayCode()).isEqualTo(1));
    }

    @Test
    @Conforms("YMX-48")
    void givesNothingBackForWhatIsUnread() throws YamuxException {
        window.take(200 * KIB);
        window.hold(200 * KIB, 400 * KIB);
        assertThat(window.isUpdateDue()).isFalse();
        assertThat(window.unread()).isEqualTo(200 * KIB);

        assertThat(window.kept()).isEqualTo(400 * KIB);

        window.release(128 * KIB, 100 * KIB);

        assertThat(window.isUpdateDue()).isTrue();
        assertThat(window.takeUpdate(0, 0)).isEqualTo(128 * KIB);
        assertThat(window.remaining()).isEqualTo(184 * KIB);
        assertThat(window.unread()).isEqualTo(72 * KIB);
        assertThat(window.kept()).isEqualTo(100 * KIB);
        assertThat(budget.heldBytes()).isEqualTo(100 * KIB);
    }

    @Test
    @Conforms("YMX-49")
    void givesBackAtHalfOfTheWindowAndNotBefore() throws YamuxException {
        window.take(128 * KIB);
        window.consume(128 * KIB - 1);
        assertThat(window.isUpdateDue()).isFalse();

        window.consume(1);

        assertThat(window.isUpdateDue()).isTrue();
        assertThat(window.takeUpdate(0, 0)).isEqualTo(128 * KIB);
        assertThat(window.isUpdateDue()).isFalse();
    }

    @Test
    void givesBackAnEighthOfALargeWindow() throws YamuxException {
        for (int i = 0; i < 6; i++) {
            consumeHalf(i, ROUND_TRIP);
        }
        assertThat(window.size()).isEqualTo(16 * MIB);
        window.take(2 * MIB);
        window.consume(2 * MIB - 1);
        assertThat(window.isUpdateDue()).isFalse();

        window.consume(1);

        assertThat(window.isUpdateDue()).isTrue();
        assertThat(window.takeUpdate(7, ROUND_TRIP)).isEqualTo(2 * MIB);
    }

    @Test
    @Conforms("YMX-52")
    void doesNotGrowForBurstsOfASlowApplication() throws YamuxException {
        consumeHalf(1, ROUND_TRIP);
        consumeHalf(2, ROUND_TRIP);
        consumeHalf(3, ROUND_TRIP);
        assertThat(window.size()).isEqualTo(2 * MIB);

        for (long now = 0, i = 0; i < 16; i++) {
            // A quarter of the window, in two updates shortly after each other. Then nothing for a while.
            now += 2 * ROUND_TRIP;
            consume(256 * KIB, now);
            consume(256 * KIB, now + 1);
        }

        assertThat(window.size()).isEqualTo(2 * MIB);
    }

    @Test
    @Conforms({"YMX-51", "YMX-52"})
    void doublesWhenItIsConsumedWithinAFewRoundTrips() throws YamuxException {
        long now = ROUND_TRIP;

        assertThat(consumeHalf(now, ROUND_TRIP)).isEqualTo(128 * KIB + 256 * KIB);

        assertThat(window.size()).isEqualTo(512 * KIB);
        assertThat(window.remaining()).isEqualTo(512 * KIB);
        assertThat(budget.grantedBytes()).isEqualTo(256 * KIB);
    }

    @Test
    void reaches8MiBWithinEightRoundTrips() throws YamuxException {
        long now = 0;
        int roundTrips = 0;
        while (window.size() < 8 * MIB) {
            now += ROUND_TRIP; // a sender that is limited by the window sends all of it in each round trip
            roundTrips++;
            consumeHalf(now, ROUND_TRIP);
        }
        assertThat(roundTrips).isLessThanOrEqualTo(5);
    }

    @Test
    @Conforms("YMX-52")
    void doesNotGrowWhenTheApplicationIsSlowerThanTheWindow() throws YamuxException {
        assertThat(consumeHalf(3 * ROUND_TRIP, ROUND_TRIP)).isEqualTo(128 * KIB);
        assertThat(window.size()).isEqualTo(256 * KIB);
    }

    @Test
    @Conforms("YMX-52")
    void growsUpToTwoRoundTripsAndNotForANanosecondMore() throws YamuxException {
        ReceiveWindow other = new ReceiveWindow(16 * MIB, budget, 0);
        other.take(128 * KIB);
        other.consume(128 * KIB);

        assertThat(consumeHalf(ROUND_TRIP, ROUND_TRIP)).isEqualTo(384 * KIB);
        assertThat(other.takeUpdate(ROUND_TRIP + 1, ROUND_TRIP)).isEqualTo(128 * KIB);
    }

    /** On loopback, the turns of the event loops take longer than the round trip. */
    @Test
    void takesNoRoundTripForShorterThanAQuarterOfAMillisecond() throws YamuxException {
        ReceiveWindow other = new ReceiveWindow(16 * MIB, budget, 0);
        other.take(128 * KIB);
        other.consume(128 * KIB);

        assertThat(consumeHalf(250_000, 1)).isEqualTo(384 * KIB);
        assertThat(other.takeUpdate(250_001, 1)).isEqualTo(128 * KIB);
    }

    @Test
    @Conforms("YMX-52")
    void measuresTheRateOverSeveralUpdatesUpToHalfOfTheWindow() throws YamuxException {
        consumeHalf(1, ROUND_TRIP);
        consumeHalf(2, ROUND_TRIP);
        assertThat(window.size()).isEqualTo(MIB);
        long start = 2;

        consume(128 * KIB, start + 1);
        consume(256 * KIB, start + 2);
        assertThat(window.size()).as("three eighths are less than half").isEqualTo(MIB);
        consume(128 * KIB, start + ROUND_TRIP);

        assertThat(window.size()).isEqualTo(2 * MIB);
    }

    @Test
    @Conforms("YMX-52")
    void measuresFromTheLastHalfAndNotFromTheBeginning() throws YamuxException {
        assertThat(consumeHalf(10 * ROUND_TRIP, ROUND_TRIP)).as("slowly").isEqualTo(128 * KIB);

        assertThat(consumeHalf(11 * ROUND_TRIP, ROUND_TRIP)).as("fast").isEqualTo(384 * KIB);
    }

    // H7
    @Test
    void givesLessBackWhileMemoryIsShortUntilItHasItsFirstSize() throws YamuxException {
        Host host = new Host();
        ConnectionBudget shared = new ConnectionBudget(64 * MIB, host);
        ReceiveWindow grown = new ReceiveWindow(16 * MIB, shared, 0);
        grown.take(128 * KIB);
        grown.consume(128 * KIB);
        assertThat(grown.takeUpdate(1, ROUND_TRIP)).isEqualTo(384 * KIB);
        host.isShort = true;

        grown.take(200 * KIB);
        grown.consume(200 * KIB);
        assertThat(grown.takeUpdate(2, ROUND_TRIP)).isZero();
        assertThat(grown.size()).isEqualTo(312 * KIB);
        assertThat(grown.remaining()).as("granted credit is not taken back").isEqualTo(312 * KIB);
        grown.take(200 * KIB);
        grown.consume(200 * KIB);
        assertThat(grown.takeUpdate(3, ROUND_TRIP)).isEqualTo(144 * KIB);
        assertThat(grown.size()).isEqualTo(256 * KIB);
        assertThat(shared.grantedBytes()).isZero();

        grown.take(128 * KIB);
        grown.consume(128 * KIB);
        assertThat(grown.takeUpdate(4, ROUND_TRIP)).as("no growth").isEqualTo(128 * KIB);
        host.isShort = false;
        grown.take(128 * KIB);
        grown.consume(128 * KIB);
        assertThat(grown.takeUpdate(5, ROUND_TRIP)).as("growth again").isEqualTo(384 * KIB);
    }

    private static final class Host implements MemoryBudget {
        private boolean isShort;

        @Override
        public boolean hold(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {}

        @Override
        public boolean isShort() {
            return isShort;
        }

        @Override
        public boolean isExceeded() {
            return false;
        }
    }

    @Test
    void doesNotGrowBeforeTheRoundTripIsKnown() throws YamuxException {
        consumeHalf(1, 0);

        assertThat(window.size()).isEqualTo(256 * KIB);
    }

    @Test
    void growsToItsLimitAndNoFurther() throws YamuxException {
        for (int i = 0; i < 20; i++) {
            consumeHalf(i, ROUND_TRIP);
        }
        assertThat(window.size()).isEqualTo(16 * MIB);
        assertThat(window.remaining()).isEqualTo(16 * MIB);
    }

    @Test
    void growsOnlyFromWhatIsFreeOfTheConnection() throws YamuxException { // SEC-54
        ConnectionBudget small = new ConnectionBudget(600 * KIB, MemoryBudget.UNLIMITED);
        ReceiveWindow one = new ReceiveWindow(16 * MIB, small, 0);
        ReceiveWindow two = new ReceiveWindow(16 * MIB, small, 0);

        for (ReceiveWindow each : new ReceiveWindow[] {one, two}) {
            each.take(128 * KIB);
            each.consume(128 * KIB);
            each.takeUpdate(1, ROUND_TRIP);
        }

        assertThat(one.size()).isEqualTo(512 * KIB);
        assertThat(two.size()).isEqualTo(512 * KIB);
        one.take(256 * KIB);
        one.consume(256 * KIB);
        one.takeUpdate(2, ROUND_TRIP);
        assertThat(one.size()).as("the budget is used up").isEqualTo(512 * KIB);

        two.end();
        one.take(256 * KIB);
        one.consume(256 * KIB);
        one.takeUpdate(3, ROUND_TRIP);
        assertThat(one.size())
                .as("the other stream's share is free again, but not enough")
                .isEqualTo(512 * KIB);
    }

    @Test
    @Conforms("YMX-75")
    void countsWhatIsHeldApartFromWhatIsGranted() throws YamuxException {
        consumeHalf(1, ROUND_TRIP);
        assertThat(budget.grantedBytes()).isEqualTo(256 * KIB);
        assertThat(budget.heldBytes()).as("an empty window holds nothing").isZero();

        window.take(512 * KIB);
        window.hold(512 * KIB, 600 * KIB);
        assertThat(budget.heldBytes()).isEqualTo(600 * KIB);

        window.end();
        window.end();
        assertThat(budget.grantedBytes()).isZero();
        assertThat(budget.heldBytes()).as("unread bytes are still held").isEqualTo(600 * KIB);
        window.discardUnread();
        assertThat(budget.heldBytes()).isZero();
    }

    private void consume(long bytes, long now) throws YamuxException {
        window.take(bytes);
        window.consume(bytes);
        assertThat(window.isUpdateDue()).isTrue();
        window.takeUpdate(now, ROUND_TRIP);
    }

    private long consumeHalf(long now, long roundTrip) throws YamuxException {
        long half = window.size() / 2;
        window.take(half);
        window.consume(half);
        return window.takeUpdate(now, roundTrip);
    }
}
