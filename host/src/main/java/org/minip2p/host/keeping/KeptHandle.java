package org.minip2p.host.keeping;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.KeptConnection;

/** One request to keep a connection to a peer. Thread-safe. */
final class KeptHandle implements KeptConnection {
    private final PeerId peer;
    private final KeptPeers all;
    private final Listener listener;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable KeptPeer followed;

    KeptHandle(PeerId peer, KeptPeers all, Listener listener) {
        this.peer = peer;
        this.all = all;
        this.listener = listener;
    }

    @Override
    public PeerId peer() {
        return peer;
    }

    @Override
    public State state() {
        KeptPeer known = followed;
        if (closed.get()) {
            return new State.Closed();
        }
        return known == null ? new State.Connecting() : known.state();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            all.release(this);
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Closed by the host. */
    void markClosed() {
        closed.set(true);
    }

    void follow(KeptPeer kept) {
        followed = kept;
    }

    void tell(State state) {
        all.tell(peer, () -> listener.onState(this, state));
    }

    @Override
    public String toString() {
        return "kept connection to " + peer;
    }
}
