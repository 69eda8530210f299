package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class YamuxConfigTest {
    @Test
    void changesOneValueAtATime() {
        YamuxConfig defaults = YamuxConfig.defaults();

        YamuxConfig seven = defaults.with(YamuxConfig.MAX_INBOUND_STREAMS, 7);
        YamuxConfig brief = defaults.with(YamuxConfig.CLOSE_TIMEOUT, Duration.ofSeconds(1));

        assertThat(seven.get(YamuxConfig.MAX_INBOUND_STREAMS)).isEqualTo(7);
        assertThat(seven).isNotEqualTo(defaults);
        assertThat(seven.with(YamuxConfig.MAX_INBOUND_STREAMS, 1024)).isEqualTo(defaults);
        assertThat(brief.get(YamuxConfig.CLOSE_TIMEOUT)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void refusesValuesThatMakeNoSense() {
        YamuxConfig defaults = YamuxConfig.defaults();

        assertThatIllegalArgumentException().isThrownBy(() -> defaults.with(YamuxConfig.MAX_INBOUND_STREAMS, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.with(YamuxConfig.MAX_STREAM_WINDOW_BYTES, 262_143L));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.with(YamuxConfig.MAX_STREAM_WINDOW_BYTES, 1L << 32));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.with(YamuxConfig.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.with(YamuxConfig.RESET_WINDOW, Duration.ZERO));
    }
}
