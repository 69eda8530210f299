package org.minip2p.host.events;

import org.minip2p.host.HostEvent;

/** Is told what happens on a host, inside it. */
@FunctionalInterface
public interface EventObserver {
    /**
     * On the thread that {@link Events} says. Whatever it throws is logged and does no harm to the host.
     *
     * @param event what happened
     */
    void onEvent(HostEvent event);
}
