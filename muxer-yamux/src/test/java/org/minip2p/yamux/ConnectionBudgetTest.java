package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {
    private static final class Host implements MemoryBudget {
        private final long max;
        private long taken;

        Host(long max) {
            this.max = max;
        }

        @Override
        public boolean tryReserve(long bytes) {
            if (taken + bytes > max) {
                return false;
            }
            taken += bytes;
            return true;
        }

        @Override
        public void release(long bytes) {
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
}
