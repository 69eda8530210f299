package org.minip2p.handshake;

import java.util.Optional;
import org.minip2p.core.PeerId;

/**
 * The application's own check, made when all others have passed. Called on the application's executor, one call at a time for each
 * peer. Until it returns, its exchange waits, and fails at the deadline with {@link FailureReason.LocalFault}. An exception also fails
 * the exchange. If it never returns, the connections of its peer are closed.
 */
@FunctionalInterface
public interface NodeInfoFilter {
    /**
     * Accepts or refuses a peer.
     *
     * @param peerId the peer
     * @param theirs its node info
     * @return empty to accept the peer, or the reason to refuse it
     */
    Optional<String> refusal(PeerId peerId, NodeInfo theirs);
}
