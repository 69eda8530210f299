package org.minip2p.noise;

import java.util.Optional;
import org.minip2p.core.PeerId;
import org.minip2p.core.PublicKey;

/**
 * What a completed handshake has proven.
 *
 * <p>Immutable.
 *
 * @param localPeer us
 * @param remotePeer the peer, which holds the private key of {@code remoteKey}
 * @param remoteKey its identity key
 * @param earlyMuxer the muxer that both sides agreed on in the handshake; if none, it is negotiated over the channel
 */
public record SecureSession(PeerId localPeer, PeerId remotePeer, PublicKey remoteKey, Optional<String> earlyMuxer) {
    /** Whether the peer is ourselves (NOI-54): what to do about that is the owner's policy. */
    public boolean isWithSelf() {
        return localPeer.equals(remotePeer);
    }
}
