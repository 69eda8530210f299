package org.minip2p.host.events;

import org.minip2p.host.HostEvent;

/** Receives the events of a host, inside the host. */
@FunctionalInterface
public interface EventObserver {
    /**
     * Called on the thread that {@link Events} specifies. Any exception is logged and has no other effect.
     *
     * @param event what happened
     */
    void onEvent(HostEvent event);
}
