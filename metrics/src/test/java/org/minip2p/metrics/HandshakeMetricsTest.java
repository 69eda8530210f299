package org.minip2p.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.host.Host;

class HandshakeMetricsTest {
    private final PeerId peer = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());

    @Test
    void countsHandshakesByTheKindOfTheirEndAndSaysNothingOfThePeer() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HandshakeMetrics metrics = HandshakeMetrics.in(registry);
        NodeInfo theirs = NodeInfo.of("0x77616e646572");
        try (Host host = Host.builder().start().join()) {
            metrics.onEvent(host, new HandshakeEvent.Completed(peer, theirs, 1, true, Duration.ofMillis(5)));
            metrics.onEvent(host, new HandshakeEvent.Updated(peer, theirs, 1));
            metrics.onEvent(host, new HandshakeEvent.Updated(peer, theirs, 1));
            metrics.onEvent(host, new HandshakeEvent.Failed(peer, 1, true, new FailureReason.TooLarge(10)));
            metrics.onEvent(host, new HandshakeEvent.Failed(peer, 1, true, new FailureReason.StreamReset()));
        }

        assertThat(registry.scrape().lines().filter(line -> !line.startsWith("#")))
                .containsExactlyInAnyOrder(
                        "minip2p_handshakes_total{outcome=\"completed\",reason=\"\"} 1.0",
                        "minip2p_handshakes_total{outcome=\"updated\",reason=\"\"} 2.0",
                        "minip2p_handshakes_total{outcome=\"refused\",reason=\"too_large\"} 1.0",
                        "minip2p_handshakes_total{outcome=\"failed\",reason=\"stream_reset\"} 1.0");
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void refusesNoRegistry() {
        assertThatThrownBy(() -> HandshakeMetrics.in(null)).isInstanceOf(NullPointerException.class);
    }
}
