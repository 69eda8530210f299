package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {
    private static final class Host implements MemoryBudget {
        private final long max;
        private long taken;
        private int calls;

        Host(long max) {
            this.max = max;
        }

        @Override
        public boolean tryReserve(long bytes) {
            calls++;
            if (taken + bytes > max) {
                return false;
            }
            taken += bytes;
            return true;
        }

        @Override
        public void release(long bytes) {
            calls++;
            taken -= bytes;
            assertThat(taken).isNotNegative();
        }
    }

    @Test
    void refusesGrowthBeyondWhatIsFree() {
        ConnectionBudget budget = new ConnectionBudget(100, MemoryBudget.UNLIMITED);

        assertThat(budget.tryReserve(60)).isTrue();
        assertThat(budget.tryReserve(41)).isFalse();
        assertThat(budget.tryReserve(40)).isTrue();
        assertThat(budget.isExceeded()).isFalse();
    }

    @Test
    void countsUnreadBytesInAnyCaseAndSaysWhenTheyAreTooMany() {
        ConnectionBudget budget = new ConnectionBudget(100, MemoryBudget.UNLIMITED);

        budget.charge(101);
        assertThat(budget.isExceeded()).isTrue();
        budget.charge(-1);
        assertThat(budget.isExceeded()).isFalse();
    }

    @Test
    void takesFromTheHostInStepsAndGivesAllBack() {
        Host host = new Host(1 << 20);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        budget.charge(1);
        assertThat(host.taken).isEqualTo(262_144);
        budget.charge(262_144);
        assertThat(host.taken).isEqualTo(524_288);
        budget.charge(-262_144);
        assertThat(host.taken).as("one step in hand").isEqualTo(524_288);
        budget.charge(-1);
        assertThat(host.taken).isZero();
    }

    @Test
    void isExceededWhenTheHostHasNothingLeft() {
        Host host = new Host(262_144);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        assertThat(budget.tryReserve(262_145)).isFalse();
        budget.charge(262_144);
        assertThat(budget.isExceeded()).isFalse();
        budget.charge(1);
        assertThat(budget.isExceeded()).isTrue();
        budget.charge(-1);
        assertThat(budget.isExceeded()).isFalse();
    }

    @Test
    void takesFromTheHostForGrowthAndUnreadBytesTogether() {
        Host host = new Host(1 << 20);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);

        assertThat(budget.tryReserve(1)).isTrue();
        assertThat(budget.tryReserve(262_143)).isTrue();
        assertThat(host.taken).isEqualTo(262_144);
        assertThat(budget.tryReserve(1)).isTrue();
        assertThat(host.taken).isEqualTo(524_288);
        budget.charge(262_144);

        assertThat(host.taken).isEqualTo(786_432);
        assertThat(budget.usedBytes()).isEqualTo(524_289);
    }

    /** The counter is shared by all connections. */
    @Test
    void doesNotTouchTheHostForWhatItHasInHand() {
        Host host = new Host(1 << 20);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.charge(100);
        assertThat(host.calls).isEqualTo(1);

        for (int i = 0; i < 100; i++) {
            budget.charge(262_044);
            budget.charge(-262_044);
        }

        assertThat(host.calls).isEqualTo(1);
    }

    @Test
    void givesBackWholeStepsAndKeepsOneInHand() {
        Host host = new Host(1 << 24);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.charge(10 * 262_144);
        assertThat(host.taken).isEqualTo(10 * 262_144);

        budget.charge(1 - 10 * 262_144);
        assertThat(host.taken).as("the step of the byte, and one in hand").isEqualTo(2 * 262_144);
        budget.charge(-1);

        assertThat(host.taken).isZero();
    }

    @Test
    void givesNothingBackThatTheHostRefused() {
        Host host = new Host(262_144);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        budget.charge(10 * 262_144);
        assertThat(host.taken).as("all or nothing").isZero();
        assertThat(budget.isExceeded()).isTrue();

        budget.charge(-262_144);
        assertThat(host.taken).isZero();
        budget.charge(-9 * 262_144);

        assertThat(host.taken).isZero();
        assertThat(budget.isExceeded()).isFalse();
    }

    @Test
    void isNoLongerExceededWhenTheHostHasRoomAgain() {
        Host host = new Host(262_144);
        ConnectionBudget other = new ConnectionBudget(1 << 30, host);
        ConnectionBudget budget = new ConnectionBudget(1 << 30, host);
        other.charge(1);
        budget.charge(1);
        assertThat(budget.isExceeded()).isTrue();

        other.charge(-1);
        budget.charge(1);

        assertThat(budget.isExceeded()).isFalse();
        assertThat(host.taken).isEqualTo(262_144);
    }

    @Test
    void isNotExceededWhenTheHostMakesRoomElsewhere() {
        ConnectionBudget budget = new ConnectionBudget(1 << 30, new MemoryBudget() {
            @Override
            public boolean tryReserve(long bytes) {
                return false;
            }

            @Override
            public void release(long bytes) {
                throw new AssertionError("nothing was taken");
            }

            @Override
            public boolean makeRoom() {
                return true;
            }
        });

        budget.charge(1);
        assertThat(budget.isExceeded()).isFalse();
        budget.charge(-1);

        assertThat(budget.usedBytes()).isZero();
    }
}
