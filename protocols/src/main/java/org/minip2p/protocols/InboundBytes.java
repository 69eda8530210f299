package org.minip2p.protocols;

import java.util.HashMap;
import java.util.Map;
import org.minip2p.core.PeerId;

/**
 * Limits the memory of incoming messages, for each peer and for the host. A message is charged before its memory is allocated.
 * Thread-safe.
 */
final class InboundBytes {
    /** The share of the heap: hundreds of messages of honest peers, or several of the longest from one peer. */
    private static final long MAX_BYTES = 32 << 20;

    private static final long MAX_PEER_BYTES = 4 << 20;

    private final long maxBytes;
    private final long maxPeerBytes;
    private final Map<PeerId, Long> byPeer = new HashMap<>();
    private long bytes;

    /**
     * Creates the account; nothing is charged yet.
     *
     * @param maxBytes the limit for all peers together
     * @param maxPeerBytes the limit for one peer
     */
    InboundBytes(long maxBytes, long maxPeerBytes) {
        this.maxBytes = maxBytes;
        this.maxPeerBytes = maxPeerBytes;
    }

    /** With the limits of a host. */
    static InboundBytes standard() {
        return new InboundBytes(MAX_BYTES, MAX_PEER_BYTES);
    }

    /** The part of one stream. */
    Share share(PeerId peer) {
        return new Share(peer);
    }

    /** The charged bytes. */
    synchronized long bytes() {
        return bytes;
    }

    /** The charge of one stream; released once, as a whole. */
    final class Share {
        private final PeerId peer;
        private long held;
        private boolean closed;

        private Share(PeerId peer) {
            this.peer = peer;
        }

        /** Charges more bytes, if there is room for them. */
        boolean tryTake(long more) {
            synchronized (InboundBytes.this) {
                long ofPeer = byPeer.getOrDefault(peer, 0L);
                if (closed || bytes + more > maxBytes || ofPeer + more > maxPeerBytes) {
                    return false;
                }
                held += more;
                bytes += more;
                byPeer.put(peer, ofPeer + more);
                return true;
            }
        }

        /** The stream has been read, or has failed. */
        void close() {
            synchronized (InboundBytes.this) {
                closed = true;
                bytes -= held;
                byPeer.computeIfPresent(peer, (key, ofPeer) -> ofPeer == held ? null : ofPeer - held);
                held = 0;
            }
        }
    }
}
