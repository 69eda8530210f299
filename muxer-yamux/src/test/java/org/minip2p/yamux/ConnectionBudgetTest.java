package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {
    private static final long STEP = 32_768;

    private static final class Host implements MemoryBudget {
        private long max;
        private long taken;
        private int calls;
        private boolean canMakeRoom;
        private int roomAskedFor;

        Host(long max) {
            this.max = max;
        }

        @Override
        public boolean hold(long bytes) {
            calls++;
            taken += bytes;
            return taken <= max;
        }

        @Override
        public void release(long bytes) {
            calls++;
            taken -= bytes;
            assertThat(taken).isNotNegative();
        }

        @Override
        public boolean isShort() {
            return taken > max / 2;
        }

        @Override
        public boolean isExceeded() {
            return taken > max;
        }

        @Override
        public boolean makeRoom() {
            roomAskedFor++;
            return canMakeRoom;
        }
    }

    @Test
    void grantsNoMoreThanIsFree() {
        ConnectionBudget budget = new ConnectionBudget(100, MemoryBudget.UNLIMITED);

        assertThat(budget.tryGrant(60)).isTrue();
        assertThat(budget.tryGrant(41)).isFalse();
        budget.holdUnread(20);
        assertThat(budget.tryGrant(21)).isFalse();
        assertThat(budget.tryGrant(20)).isTrue();
        budget.giveUpGrant(10);
        assertThat(budget.tryGrant(11)).isFalse();
        assertThat(budget.tryGrant(10)).isTrue();
        assertThat(budget.isExceeded()).isFalse();
    }

    @Test
    void grantsNothingWhileTheHostIsShort() {
        Host host = new Host(2 * STEP);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.holdUnread(STEP);
        assertThat(budget.tryGrant(1)).isTrue();
        assertThat(budget.isShort()).isFalse();

        budget.holdUnread(1);

        assertThat(budget.tryGrant(1)).isFalse();
        assertThat(budget.isShort()).isTrue();
        assertThat(budget.grantedBytes()).isEqualTo(1);
    }

    @Test
    void doesNotCountGrantsAsHeld() {
        Host host = new Host(2 * STEP);
        ConnectionBudget budget = new ConnectionBudget(100, host);

        assertThat(budget.tryGrant(100)).isTrue();
        budget.holdUnread(100);

        assertThat(budget.isExceeded()).isFalse();
        assertThat(budget.heldBytes()).isEqualTo(100);
        assertThat(host.taken).isEqualTo(STEP);
    }

    @Test
    void countsWhatIsHeldInAnyCaseAndSaysWhenItIsTooMuch() {
        ConnectionBudget budget = new ConnectionBudget(100, MemoryBudget.UNLIMITED);

        budget.holdUnread(60);
        budget.holdUnsent(41);
        assertThat(budget.isExceeded()).isTrue();
        assertThat(budget.isShort()).isTrue();
        budget.release(1);
        assertThat(budget.isExceeded()).isFalse();
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void countsInStepsAtTheHostAndGivesAllBack() {
        Host host = new Host(1 << 20);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        budget.holdUnread(1);
        assertThat(host.taken).isEqualTo(STEP);
        budget.holdUnread(STEP);
        assertThat(host.taken).isEqualTo(2 * STEP);
        budget.release(STEP);
        assertThat(host.taken).as("one step in reserve").isEqualTo(2 * STEP);
        assertThat(host.calls).isEqualTo(2);
        assertThat(host.roomAskedFor).isZero();
        budget.release(1);
        assertThat(host.taken).isZero();
    }

    @Test
    void isExceededWhenTheHostHoldsMoreThanItCan() {
        Host host = new Host(STEP);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        budget.holdUnread(STEP);
        assertThat(budget.isExceeded()).isFalse();
        budget.holdUnread(1);
        assertThat(budget.isExceeded()).isTrue();
        assertThat(host.roomAskedFor).isEqualTo(1);
        budget.release(STEP + 1);
        assertThat(budget.isExceeded()).isFalse();
        assertThat(host.taken).isZero();
    }

    /** All connections share the host's counter, so a connection should rarely touch it. */
    @Test
    void doesNotTouchTheHostForWhatItHasInHand() {
        Host host = new Host(1 << 20);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.holdUnread(100);
        assertThat(host.calls).isEqualTo(1);

        for (int i = 0; i < 100; i++) {
            budget.holdUnread(STEP - 100);
            budget.release(STEP - 100);
        }

        assertThat(host.calls).isEqualTo(1);
        assertThat(host.roomAskedFor).isZero();
    }

    @Test
    void isNotExceededWhenItHoldsNothing() {
        Host host = new Host(STEP);
        ConnectionBudget other = new ConnectionBudget(1 << 30, host);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.holdUnread(2 * STEP);
        other.holdUnread(2 * STEP);
        assertThat(budget.isExceeded()).isTrue();

        budget.release(2 * STEP);

        assertThat(host.isExceeded()).isTrue();
        assertThat(budget.isExceeded()).isFalse();
        assertThat(other.isExceeded()).isTrue();
    }

    @Test
    void isSparedWhileItHoldsLittleThoughTheHostHoldsMoreThanItCan() {
        Host host = new Host(STEP);
        ConnectionBudget greedy = new ConnectionBudget(1 << 30, host);
        ConnectionBudget modest = new ConnectionBudget(1 << 30, host);
        greedy.holdUnread(2 * STEP);

        modest.holdUnread(100);
        modest.holdUnsent(STEP - 100);

        assertThat(host.isExceeded()).isTrue();
        assertThat(greedy.isExceeded()).isTrue();
        assertThat(modest.isExceeded()).isFalse();
        modest.holdUnsent(1);
        assertThat(modest.isExceeded()).as("no longer modest").isTrue();
    }

    @Test
    void shedsNothingWhenTheHostMakesRoomForWhatItsApplicationHasWritten() {
        Host host = new Host(STEP);
        ConnectionBudget budget = new ConnectionBudget(4 * STEP, host);
        budget.holdUnsent(3 * STEP);
        assertThat(budget.isExceeded()).isTrue();
        assertThat(budget.mustShed()).as("the host cannot make room").isTrue();
        assertThat(host.roomAskedFor).isEqualTo(1);

        host.canMakeRoom = true;

        assertThat(budget.mustShed()).isFalse();
        assertThat(budget.isExceeded()).isFalse();
        assertThat(host.roomAskedFor).isEqualTo(2);
        budget.holdUnsent(STEP + 1);
        assertThat(budget.mustShed()).as("more than one connection may hold").isTrue();
        assertThat(host.roomAskedFor).isEqualTo(2);
    }

    @Test
    void aBudgetWithoutAnEndIsNeverShort() {
        MemoryBudget unlimited = MemoryBudget.UNLIMITED;

        assertThat(unlimited.hold(Long.MAX_VALUE)).isTrue();
        assertThat(unlimited.isShort()).isFalse();
        assertThat(unlimited.isExceeded()).isFalse();
        assertThat(unlimited.makeRoom()).as("there is nothing to free").isFalse();
    }

    @Test
    void givesBackWholeStepsAndKeepsOneInHand() {
        Host host = new Host(1 << 24);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.holdUnsent(10 * STEP);
        assertThat(host.taken).isEqualTo(10 * STEP);

        budget.release(10 * STEP - 1);
        assertThat(host.taken).as("the last byte's step, and one in reserve").isEqualTo(2 * STEP);
        budget.release(1);

        assertThat(host.taken).isZero();
    }

    @Test
    void isNoLongerExceededWhenTheHostHasRoomAgain() {
        Host host = new Host(STEP);
        ConnectionBudget other = new ConnectionBudget(1 << 30, host);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        other.holdUnread(1);
        budget.holdUnread(STEP + 1);
        assertThat(budget.isExceeded()).isTrue();
        assertThat(other.isExceeded()).as("it has not asked for more").isFalse();

        host.max = 3 * STEP;

        assertThat(budget.isExceeded()).isFalse();
        assertThat(host.taken).isEqualTo(3 * STEP);
    }

    @Test
    void isNotExceededWhenTheHostMakesRoomElsewhere() {
        Host host = new Host(0);
        host.canMakeRoom = true;
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        budget.holdUnread(1);
        assertThat(budget.isExceeded()).isFalse();
        budget.release(1);

        assertThat(budget.heldBytes()).isZero();
    }

    // H5
    @Test
    void nobodyElseGoesForWhatTheApplicationWrites() {
        Host host = new Host(0);
        host.canMakeRoom = true;
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        budget.holdUnsent(STEP + 1);

        assertThat(host.roomAskedFor).isZero();
        assertThat(budget.isExceeded()).as("only its own streams are told").isTrue();
    }
}
