package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyMuxerTest {
    /** NOI-56. */
    @Test
    void choosesTheFirstOfTheInitiatorsThatTheResponderHas() throws Exception {
        assertThat(EarlyMuxer.choose(List.of("/a", "/b", "/c"), List.of("/c", "/b")))
                .contains("/b");
    }

    /** NOI-57, 61. */
    @Test
    void failsWhenNothingIsShared() {
        assertThatThrownBy(() -> EarlyMuxer.choose(List.of("/a"), List.of("/b", "/c")))
                .isInstanceOf(NoCommonMuxerException.class)
                .hasMessageContaining("/a")
                .hasMessageContaining("/b");
    }

    /** NOI-58. */
    @Test
    void leavesItToTheChannelWhenASideNamesNone() throws Exception {
        assertThat(EarlyMuxer.choose(List.of(), List.of("/a"))).isEmpty();
        assertThat(EarlyMuxer.choose(List.of("/a"), List.of())).isEmpty();
        assertThat(EarlyMuxer.choose(List.of(), List.of())).isEmpty();
    }
}
