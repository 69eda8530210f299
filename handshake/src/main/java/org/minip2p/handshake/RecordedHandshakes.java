package org.minip2p.handshake;

import org.minip2p.host.Host;

/** Writes what a listener is told into the JVM's flight recorder as well, while somebody records. Thread-safe. */
final class RecordedHandshakes implements HandshakeListener {
    private final HandshakeListener listener;

    /** Never committed: asked whether there is anybody to commit another one for. */
    private final HandshakeOutcome outcomes = new HandshakeOutcome();

    private RecordedHandshakes(HandshakeListener listener) {
        this.listener = listener;
    }

    /** The same listener where the runtime image has no flight recorder. */
    static HandshakeListener of(HandshakeListener listener) {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new RecordedHandshakes(listener) : listener;
    }

    @Override
    public void onEvent(Host host, HandshakeEvent event) {
        if (outcomes.isEnabled()) {
            new HandshakeOutcome().commit(event);
        }
        listener.onEvent(host, event);
    }
}
