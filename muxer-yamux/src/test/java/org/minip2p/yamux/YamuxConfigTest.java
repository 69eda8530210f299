package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class YamuxConfigTest {
    @Test
    void changesOneValueAtATime() {
        YamuxConfig defaults = YamuxConfig.defaults();

        assertThat(defaults.withMaxInboundStreams(7).maxInboundStreams()).isEqualTo(7);
        assertThat(defaults.withMaxInboundStreams(7).withMaxInboundStreams(1024))
                .isEqualTo(defaults);
        assertThat(defaults.withCloseTimeout(Duration.ofSeconds(1)).closeTimeout())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void refusesValuesThatMakeNoSense() {
        YamuxConfig defaults = YamuxConfig.defaults();

        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withMaxInboundStreams(0));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withMaxStreamWindowBytes(262_143));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withMaxStreamWindowBytes(1L << 32));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withKeepAliveInterval(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withResetWindow(Duration.ZERO));
    }
}
