package org.minip2p.handshake;

import java.util.Optional;
import org.minip2p.core.PeerId;

/**
 * A check of the application's own, made when all others have passed. Called on the application's executor, for one peer one after the
 * other. While it does not return its exchange waits, and fails at the deadline with {@link FailureReason.LocalFault}; so does one from
 * which it throws. A peer from whose filter it does not return at all loses its connections.
 */
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
