package org.minip2p.host.streams;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;

/** The protocols that a host handles. Thread-safe. */
public final class ProtocolRegistry {
    private final Map<ProtocolId, ProtocolHandler> handlers = new ConcurrentHashMap<>();

    /**
     * Adds a protocol.
     *
     * @throws IllegalStateException when there is a handler for it already
     */
    public void add(ProtocolHandler handler) {
        if (handlers.putIfAbsent(handler.protocol(), handler) != null) {
            throw new IllegalStateException("there is a handler for " + handler.protocol() + " already");
        }
    }

    /** Removes a protocol; returns whether there was a handler. */
    public boolean remove(ProtocolId protocol) {
        return handlers.remove(protocol) != null;
    }

    boolean supports(ProtocolId protocol) {
        return handlers.containsKey(protocol);
    }

    @Nullable ProtocolHandler find(ProtocolId protocol) {
        return handlers.get(protocol);
    }

    /** All of them. */
    public List<ProtocolId> ids() {
        return List.copyOf(handlers.keySet());
    }
}
