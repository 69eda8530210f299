package org.minip2p.handshake;

import java.util.Optional;
import org.minip2p.core.PeerId;

/** A check of the application's own, made when all others have passed. Called on any thread, and must not block. */
@FunctionalInterface
public interface NodeInfoFilter {
    /**
     * Accepts or refuses a peer.
     *
     * @param peerId the peer
     * @param theirs what it told of itself
     * @return empty to accept it, or why it is refused
     */
    Optional<String> refusal(PeerId peerId, NodeInfo theirs);
}
