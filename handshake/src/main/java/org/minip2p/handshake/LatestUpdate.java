package org.minip2p.handshake;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells that a peer's node info has changed: at most one event waits for the listener, and it is the latest. So a peer that changes it
 * faster than the listener takes it fills no queue. Told on the protocol context, taken on the application's executor.
 */
final class LatestUpdate {
    /** What an event costs is rounded up to this and its doubles: so one that grows while it waits is charged again a few times only. */
    private static final int LEAST_BYTES = 1024;

    private final HandshakeServices services;
    private final AtomicReference<HandshakeEvent.@Nullable Updated> waiting = new AtomicReference<>();

    /** What the event that waits was charged with. Confined to the protocol context. */
    private int charged;

    LatestUpdate(HandshakeServices services) {
        this.services = services;
    }

    /** Tells this one, in place of one that still waits. */
    void tell(HandshakeEvent.Updated event) {
        int bytes = LEAST_BYTES;
        while (bytes < HandshakeServices.keptBytes(event)) {
            bytes *= 2;
        }
        if (waiting.getAndSet(event) == null) {
            charged = bytes;
            services.context().tell(event.peerId(), bytes, this::deliver);
        } else if (bytes > charged) {
            services.context().tell(event.peerId(), bytes - charged, () -> {});
            charged = bytes;
        }
    }

    private void deliver() {
        HandshakeEvent.Updated event = waiting.getAndSet(null);
        if (event != null) {
            services.listener().onEvent(services.host(), event);
        }
    }
}
