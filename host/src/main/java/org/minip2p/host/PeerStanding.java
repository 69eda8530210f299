package org.minip2p.host;

import java.time.Duration;
import java.util.Comparator;
import org.minip2p.core.PeerId;

/**
 * What is known of a connected peer when the host decides which peer to drop.
 *
 * @param peer the peer
 * @param connections the number of connections to it; all of them are closed, or none
 * @param dialed whether this host dialed one of them
 * @param connectedFor the age of the oldest of them
 * @param unusedFor how long there has been neither a stream nor a lease on any of them; zero while there is
 */
public record PeerStanding(PeerId peer, int connections, boolean dialed, Duration connectedFor, Duration unusedFor) {
    /** {@return the default order: peers that connected to us before dialed ones, and among these the one unused longest first} */
    public static Comparator<PeerStanding> defaultOrder() {
        return Comparator.comparing(PeerStanding::dialed)
                .thenComparing(PeerStanding::unusedFor, Comparator.reverseOrder())
                .thenComparing(PeerStanding::connectedFor);
    }
}
