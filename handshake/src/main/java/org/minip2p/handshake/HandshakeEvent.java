package org.minip2p.handshake;

import java.time.Duration;
import org.minip2p.core.PeerId;

/** An event for the application, in order for each peer. */
public sealed interface HandshakeEvent {
    /** {@return the peer} */
    PeerId peerId();

    /** {@return the host's id of the connection} */
    long connectionId();

    /**
     * The handshake is complete: once for each peer until no connection to it is left.
     *
     * @param peerId the peer
     * @param theirInfo the peer's node info
     * @param connectionId the connection of the exchange
     * @param initiatedByUs whether we asked
     * @param duration from the start of the exchange to its end
     */
    record Completed(PeerId peerId, NodeInfo theirInfo, long connectionId, boolean initiatedByUs, Duration duration)
            implements HandshakeEvent {}

    /**
     * A later exchange brought different node info. While the listener is busy, a newer update replaces a waiting one, so the listener
     * gets the latest.
     *
     * @param peerId the peer
     * @param theirInfo the peer's current node info
     * @param connectionId the connection of the exchange
     */
    record Updated(PeerId peerId, NodeInfo theirInfo, long connectionId) implements HandshakeEvent {}

    /**
     * The handshake failed: at most once for each reason and connection. {@link Completed} may follow, unless the reason is
     * permanent and the connection the same.
     *
     * @param peerId the peer
     * @param connectionId the connection of the exchange
     * @param initiatedByUs whether we asked
     * @param reason why
     */
    record Failed(PeerId peerId, long connectionId, boolean initiatedByUs, FailureReason reason)
            implements HandshakeEvent {}
}
