package org.minip2p.host;

/** Receives the events of a host. One listener may serve several hosts. */
@FunctionalInterface
public interface HostListener {
    /**
     * Called on {@link Host#applicationExecutor}, after the fact: the connection of an event may already have ended. The events of one
     * peer arrive one after the other and in order; those of different peers, and of different hosts, may arrive concurrently. A slow call
     * delays later events of its peer, and while more than {@link HostConfig#MAX_WAITING_EVENTS} wait the host neither accepts nor dials.
     * An exception is logged and has no other effect.
     *
     * @param host where it happened
     * @param event what happened
     */
    void onEvent(Host host, HostEvent event);
}
