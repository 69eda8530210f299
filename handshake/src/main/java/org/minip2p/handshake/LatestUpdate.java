package org.minip2p.handshake;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a peer's node info has changed: at most one event waits for the listener, and it is the latest. So a peer that changes
 * its info faster than the listener returns fills no queue. Events are added on the protocol context and taken on the application's
 * executor.
 */
final class LatestUpdate {
    /**
     * The cost of an event is rounded up to this value times a power of two, so that a growing event is charged again only a few times.
     */
    private static final int LEAST_BYTES = 1024;

    private final HandshakeServices services;
    private final AtomicReference<HandshakeEvent.@Nullable Updated> waiting = new AtomicReference<>();

    /** The charge of the waiting event. Confined to the protocol context. */
    private int charged;

    LatestUpdate(HandshakeServices services) {
        this.services = services;
    }

    /** Reports this update, instead of one that still waits. */
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
