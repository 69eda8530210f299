package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.minip2p.handshake.HandshakeOptions.FailurePolicy;

class HandshakeOptionsTest {
    private static final HandshakeOptions DEFAULTS = HandshakeOptions.defaults();
    private static final Duration MOMENT = Duration.ofNanos(1);

    @Test
    void hasDefaultsThatANodeInGoLeavesTimeFor() {
        assertThat(DEFAULTS.exchangeDeadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(DEFAULTS.waitForPeer()).isEqualTo(Duration.ofSeconds(5));
        assertThat(DEFAULTS.repeatAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(DEFAULTS.acceptedNetworks()).isEmpty();
        assertThat(DEFAULTS.asksPerSecond()).isEqualTo(50);
        assertThat(DEFAULTS.requestsPerSecond()).isEqualTo(10);
        assertThat(DEFAULTS.filters()).isEmpty();
        assertThat(DEFAULTS.failurePolicy()).isEqualTo(FailurePolicy.CLOSE_CONNECTION);
    }

    @Test
    void changesOneValueAtATime() {
        Supplier<Set<String>> accepted = () -> Set.of("0x1");
        NodeInfoFilter filter = (peer, theirs) -> Optional.empty();

        HandshakeOptions all = DEFAULTS.withExchangeDeadline(Duration.ofSeconds(1))
                .withWaitForPeer(Duration.ofSeconds(2))
                .withRepeatAfter(Duration.ZERO)
                .withAcceptedNetworks(accepted)
                .withAsksPerSecond(4)
                .withRequestsPerSecond(5)
                .withFilters(List.of(filter))
                .withFailurePolicy(FailurePolicy.KEEP_CONNECTION);

        assertThat(all)
                .isEqualTo(new HandshakeOptions(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        Optional.of(accepted),
                        4,
                        5,
                        List.of(filter),
                        FailurePolicy.KEEP_CONNECTION));
    }

    @Test
    void refusesADeadlineOrAWaitThatIsNotPositive() {
        for (Duration none : List.of(Duration.ZERO, MOMENT.negated())) {
            assertThatThrownBy(() -> DEFAULTS.withExchangeDeadline(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(none.toString());
            assertThatThrownBy(() -> DEFAULTS.withWaitForPeer(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(none.toString());
        }
        assertThat(DEFAULTS.withExchangeDeadline(MOMENT).withWaitForPeer(MOMENT).exchangeDeadline())
                .isEqualTo(MOMENT);
    }

    @Test
    void refusesARateOfRequestsThatIsNone() {
        for (int none : new int[] {-1, 0, HandshakeOptions.MAX_ASKS_PER_SECOND + 1}) {
            assertThatThrownBy(() -> DEFAULTS.withRequestsPerSecond(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(none));
        }
    }

    @Test
    void refusesANegativeTimeToTheRepeat() {
        assertThatThrownBy(() -> DEFAULTS.withRepeatAfter(MOMENT.negated()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesARateThatIsNone() {
        for (int rate : new int[] {0, -1, 10_001}) {
            assertThatThrownBy(() -> DEFAULTS.withAsksPerSecond(rate))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(rate));
        }
        assertThat(DEFAULTS.withAsksPerSecond(1).asksPerSecond()).isEqualTo(1);
        assertThat(DEFAULTS.withAsksPerSecond(10_000).asksPerSecond()).isEqualTo(10_000);
    }

    @Test
    void keepsItsFiltersWhateverBecomesOfTheList() {
        List<NodeInfoFilter> filters = new ArrayList<>();
        HandshakeOptions options = DEFAULTS.withFilters(filters);

        filters.add((peer, theirs) -> Optional.of("no"));

        assertThat(options.filters()).isEmpty();
    }
}
