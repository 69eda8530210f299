package org.minip2p.noise;

import java.util.Optional;
import org.minip2p.core.PeerId;
import org.minip2p.core.PublicKey;

/**
 * The result of a completed handshake.
 *
 * <p>Immutable.
 *
 * @param localPeer our peer id
 * @param remotePeer the peer, which has proved that it has the private key of {@code remoteKey}
 * @param remoteKey its identity key
 * @param earlyMuxer the muxer that both sides agreed on in the handshake; if none, it is negotiated over the channel
 */
public record SecureSession(PeerId localPeer, PeerId remotePeer, PublicKey remoteKey, Optional<String> earlyMuxer) {
    /** Whether the peer is this host itself (NOI-54); the owner decides what to do then. */
    public boolean isWithSelf() {
        return localPeer.equals(remotePeer);
    }
}
