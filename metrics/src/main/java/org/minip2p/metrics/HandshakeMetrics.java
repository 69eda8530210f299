package org.minip2p.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Objects;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeListener;
import org.minip2p.host.Host;

/**
 * Counts node-info handshakes by outcome, as {@code minip2p_handshakes_total{outcome,reason}}. Pass it to the handshake as a listener. It needs
 * the module {@code minip2p-handshake}, which the rest of this module does not. No label contains text from a peer. Thread-safe.
 */
public final class HandshakeMetrics implements HandshakeListener {
    private final Meters meters;

    private HandshakeMetrics(MeterRegistry registry) {
        this.meters = new Meters(registry);
    }

    /**
     * Counts handshakes from now on.
     *
     * @param registry gets the meters; its exceptions are logged by the caller of the listener
     * @return the listener to give to the handshake
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

    /** Only the kind, which is one of a fixed set of classes; the texts come from the peer. */
    private static String reason(FailureReason reason) {
        return reason.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
