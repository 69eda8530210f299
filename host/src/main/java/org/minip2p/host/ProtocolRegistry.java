package org.minip2p.host;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.ProtocolId;

/** The protocols that a host answers to. Thread-safe. */
final class ProtocolRegistry {
    private final Map<ProtocolId, StreamHandler> handlers = new ConcurrentHashMap<>();

    void add(ProtocolId protocol, StreamHandler handler) {
        if (handlers.putIfAbsent(protocol, handler) != null) {
            throw new IllegalStateException("there is a handler for " + protocol + " already");
        }
    }

    boolean remove(ProtocolId protocol) {
        return handlers.remove(protocol) != null;
    }

    boolean supports(ProtocolId protocol) {
        return handlers.containsKey(protocol);
    }

    @Nullable StreamHandler find(ProtocolId protocol) {
        return handlers.get(protocol);
    }

    List<ProtocolId> ids() {
        return List.copyOf(handlers.keySet());
    }
}
