package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.core.Role.INITIATOR;
import static org.minip2p.core.Role.RESPONDER;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;

class EarlyMuxerTest {
    @Conforms("NOI-56")
    @Test
    void choosesTheFirstOfTheInitiatorsThatTheResponderHas() throws Exception {
        List<String> initiators = List.of("/a", "/b", "/c");
        List<String> responders = List.of("/c", "/b");

        assertThat(EarlyMuxer.choose(INITIATOR, initiators, responders)).contains("/b");
        assertThat(EarlyMuxer.choose(RESPONDER, responders, initiators)).contains("/b");
    }

    @Test
    void keepsTheStringOfOursNotThePeers() throws Exception {
        String ours = new String("/a");
        String theirs = new String("/a");

        for (Role role : Role.values()) {
            String chosen =
                    EarlyMuxer.choose(role, List.of(ours), List.of(theirs)).orElseThrow();

            assertThat(chosen).isSameAs(ours);
        }
    }

    @Conforms({"NOI-57", "NOI-61"})
    @Test
    void failsWhenNothingIsShared() {
        assertThatThrownBy(() -> EarlyMuxer.choose(INITIATOR, List.of("/a"), List.of("/b", "/c")))
                .isInstanceOf(NoCommonMuxerException.class)
                .hasMessageContaining("/a")
                .hasMessageContaining("/b");
    }

    @Conforms("NOI-58")
    @Test
    void leavesItToTheChannelWhenASideNamesNone() throws Exception {
        assertThat(EarlyMuxer.choose(INITIATOR, List.of(), List.of("/a"))).isEmpty();
        assertThat(EarlyMuxer.choose(INITIATOR, List.of("/a"), List.of())).isEmpty();
        assertThat(EarlyMuxer.choose(INITIATOR, List.of(), List.of())).isEmpty();
    }
}
