package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostConfigTest {
    private final HostConfig config = HostConfig.defaults();

    @Test
    void replacesOneValueByItsName() {
        HostConfig changed = config.with("idleTimeout", "500ms")
                .with("dialTimeout", "2m")
                .with("upgradeTimeout", "3s")
                .with("maxProposals", "4")
                .with("pipelining", "false");

        assertThat(changed.idleTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(changed.dialTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(changed.upgradeTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(changed.maxProposals()).isEqualTo(4);
        assertThat(changed.pipelining()).isFalse();
        assertThat(changed.toBuilder()
                        .idleTimeout(config.idleTimeout())
                        .dialTimeout(config.dialTimeout())
                        .upgradeTimeout(config.upgradeTimeout())
                        .maxProposals(config.maxProposals())
                        .pipelining(true)
                        .build())
                .isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource({
        "noSuchSetting, 1, maxConnections",
        "maxProposals, many, whole number",
        "maxProposals, 0, at least 1",
        "maxConnectionsPerPeer, 1, at least 2",
        "idleTimeout, 5, 30s",
        "pipelining, yes, true or false",
    })
    void refusesWhatDoesNotFitAndSaysWhatWould(String name, String value, String expected) {
        assertThatThrownBy(() -> config.with(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(expected);
    }
}
