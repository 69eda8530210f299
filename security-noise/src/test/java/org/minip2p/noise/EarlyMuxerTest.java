package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

class EarlyMuxerTest {
    @Conforms("NOI-56")
    @Test
    void choosesTheFirstOfTheInitiatorsThatTheResponderHas() throws Exception {
        assertThat(EarlyMuxer.choose(List.of("/a", "/b", "/c"), List.of("/c", "/b")))
                .contains("/b");
    }

    @Conforms({"NOI-57", "NOI-61"})
    @Test
    void failsWhenNothingIsShared() {
        assertThatThrownBy(() -> EarlyMuxer.choose(List.of("/a"), List.of("/b", "/c")))
                .isInstanceOf(NoCommonMuxerException.class)
                .hasMessageContaining("/a")
                .hasMessageContaining("/b");
    }

    @Conforms("NOI-58")
    @Test
    void leavesItToTheChannelWhenASideNamesNone() throws Exception {
        assertThat(EarlyMuxer.choose(List.of(), List.of("/a"))).isEmpty();
        assertThat(EarlyMuxer.choose(List.of("/a"), List.of())).isEmpty();
        assertThat(EarlyMuxer.choose(List.of(), List.of())).isEmpty();
    }
}
