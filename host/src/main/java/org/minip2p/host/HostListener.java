package org.minip2p.host;

/** Is told what happens on a host. One listener may serve several hosts. */
@FunctionalInterface
public interface HostListener {
    /**
     * Called on {@link Host#applicationExecutor}, after the fact: a connection that is told of may have ended meanwhile. The events of one
     * peer come one after the other and in order; those of different peers, and of different hosts, may come at once. One that takes long
     * holds up later events of its peer, and while more than {@link HostConfig#MAX_WAITING_EVENTS} wait the host neither accepts nor
     * dials. What it throws is logged, and changes nothing.
     *
     * @param host where it happened
     * @param event what happened
     */
    void onEvent(Host host, HostEvent event);
}
