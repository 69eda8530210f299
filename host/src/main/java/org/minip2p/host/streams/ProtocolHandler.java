package org.minip2p.host.streams;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.StreamHandler;

/** The handler of a protocol. Thread-safe. */
public final class ProtocolHandler {
    private final ProtocolId protocol;
    private final PeerEnd peerEnd;
    private final StreamHandler handler;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    /**
     * Creates the entry.
     *
     * @param protocol the protocol
     * @param peerEnd what happens to a stream when its peer has ended its side
     * @param handler gets each stream
     */
    public ProtocolHandler(ProtocolId protocol, PeerEnd peerEnd, StreamHandler handler) {
        this.protocol = Objects.requireNonNull(protocol, "protocol");
        this.peerEnd = Objects.requireNonNull(peerEnd, "peerEnd");
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /** The protocol. Streams keep this name; otherwise each would keep the peer's copy of it. */
    ProtocolId protocol() {
        return protocol;
    }

    boolean closesWithPeer() {
        return peerEnd == PeerEnd.CLOSE_WITH_PEER;
    }

    StreamHandler handler() {
        return handler;
    }

    /** Whether this is the first time that the protocol's handlers left a stream half-open for too long. */
    boolean isFirstHalfOpenTimeout() {
        return hasWarned.compareAndSet(false, true);
    }
}
