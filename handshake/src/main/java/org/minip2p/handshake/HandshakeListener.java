package org.minip2p.handshake;

import org.minip2p.host.Host;

/** Is told how handshakes with peers went. One listener may serve several hosts. */
@FunctionalInterface
public interface HandshakeListener {
    /**
     * Called on {@link Host#applicationExecutor}. The events of one peer, those that the host tells of it included, come one after the
     * other and in order; those of different peers may come at once. What it throws is logged, and changes nothing.
     *
     * @param host whose handshake it is
     * @param event what happened
     */
    void onEvent(Host host, HandshakeEvent event);
}
