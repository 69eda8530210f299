package org.minip2p.handshake;

import org.minip2p.host.Host;

/** Receives the results of handshakes with peers. One listener may serve several hosts. */
@FunctionalInterface
public interface HandshakeListener {
    /**
     * Called on {@link Host#applicationExecutor}. The events of one peer, including the host's own events, arrive one after the other
     * and in order; those of different peers may arrive concurrently. An exception is logged and has no other effect.
     *
     * @param host the host of the handshake
     * @param event what happened
     */
    void onEvent(Host host, HandshakeEvent event);
}
