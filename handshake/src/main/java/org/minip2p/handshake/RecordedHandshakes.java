package org.minip2p.handshake;

import org.minip2p.host.Host;

/** Also writes a listener's events to the JVM's Flight Recorder, while a recording runs. Thread-safe. */
final class RecordedHandshakes implements HandshakeListener {
    private final HandshakeListener listener;

    /** Never committed: only used to check whether a recording runs. */
    private final HandshakeOutcome outcomes = new HandshakeOutcome();

    private RecordedHandshakes(HandshakeListener listener) {
        this.listener = listener;
    }

    /** Returns the same listener if the runtime image has no Flight Recorder. */
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
