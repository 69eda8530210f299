package org.minip2p.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Objects;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeListener;
import org.minip2p.host.Host;

/**
 * Counts node-info handshakes by how they went, as {@code minip2p_handshakes_total{outcome,reason}}. To be given to the handshake as a listener;
 * it needs the module {@code minip2p-handshake}, which the rest of this module does not. What a peer said is in no label. Thread-safe.
 */
public final class HandshakeMetrics implements HandshakeListener {
    private final Meters meters;

    private HandshakeMetrics(MeterRegistry registry) {
        this.meters = new Meters(registry);
    }

    /**
     * For handshakes to come.
     *
     * @param registry gets the meters; what it throws is logged by whoever tells the listener
     */
    public static HandshakeMetrics in(MeterRegistry registry) {
        return new HandshakeMetrics(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void onEvent(Host host, HandshakeEvent event) {
        if (event instanceof HandshakeEvent.Failed failed) {
            count(failed.reason().isPermanent() ? "refused" : "failed", reason(failed.reason()));
        } else {
            count(event instanceof HandshakeEvent.Completed ? "completed" : "updated", "");
        }
    }

    private void count(String outcome, String reason) {
        meters.counter("minip2p.handshakes", "Node-info handshakes", "outcome", outcome, "reason", reason)
                .increment();
    }

    /** The kind alone, of which there are as many as classes; their texts are the peer's. */
    private static String reason(FailureReason reason) {
        return reason.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
