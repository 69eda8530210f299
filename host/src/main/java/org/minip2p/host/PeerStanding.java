package org.minip2p.host;

import java.time.Duration;
import java.util.Comparator;
import org.minip2p.core.PeerId;

/**
 * What is known of a connected peer when it is asked who is to go.
 *
 * @param peer who
 * @param connections how many connections there are to it; all of them go, or none
 * @param dialed whether this host dialed one of them
 * @param connectedFor how long the oldest of them has been there
 * @param unusedFor how long there has been neither a stream nor a lease on any of them; zero while there is
 */
public record PeerStanding(PeerId peer, int connections, boolean dialed, Duration connectedFor, Duration unusedFor) {
    /** Who goes first by default: those that came by themselves, and of these the one that was unused longest. */
    public static Comparator<PeerStanding> defaultOrder() {
        return Comparator.comparing(PeerStanding::dialed)
                .thenComparing(PeerStanding::unusedFor, Comparator.reverseOrder())
                .thenComparing(PeerStanding::connectedFor);
    }
}
