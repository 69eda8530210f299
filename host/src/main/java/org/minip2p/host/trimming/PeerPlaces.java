package org.minip2p.host.trimming;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.PeerStanding;
import org.minip2p.host.connections.EstablishedConnection;
import org.minip2p.host.limits.ConnectionLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which peers to keep when there are too many. It always drops whole peers, never single connections: each end could otherwise
 * keep a different one of two connections. Confined to the host's peer executor.
 *
 * <h2>At the marks</h2>
 *
 * Above the high mark, peers are dropped in the application's order until the low mark is reached. Peers that are protected, new, or in
 * use by a stream or a lease are kept, so fewer may be dropped; then it tries again after a while.
 *
 * <h2>In a full house</h2>
 *
 * Only protected peers are admitted, and each displaces an unprotected peer: preferably one that the marks would not keep, otherwise
 * any.
 */
public final class PeerPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(PeerPlaces.class);
    private static final CloseCause TRIMMED = CloseCause.of(CloseCause.Reason.TRIMMED);

    /** Checking all peers is expensive, so it is not done for each new one. */
    private static final long AGAIN_MILLIS = 1_000;

    private final TrimLimits settings;
    private final Protections protections;
    private final TrimOrder order;
    private final ConnectionLimits sockets;
    private final EventExecutor peerExecutor;
    private final LongSupplier nanoTime;

    /** Sockets that are being closed for another one. */
    private int leaving;

    private boolean looksAgain;

    /**
     * For one host.
     *
     * @param settings the limits
     * @param protections the protected peers
     * @param order which peers are dropped first
     * @param sockets the number of sockets
     * @param peerExecutor where decisions are made
     * @param nanoTime the clock for ages and idle times, {@link System#nanoTime} except in tests
     */
    public PeerPlaces(
            TrimLimits settings,
            Protections protections,
            TrimOrder order,
            ConnectionLimits sockets,
            EventExecutor peerExecutor,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.protections = protections;
        this.order = order;
        this.sockets = sockets;
        this.peerExecutor = peerExecutor;
        this.nanoTime = nanoTime;
    }

    /** Takes a slot for a new connection to a peer, from another peer if necessary. Returns why there is none; null if there is one. */
    public @Nullable ConnectionDeniedException take(PeerId peer, ConnectedPeers connected) {
        String full = full(peer, connected);
        if (full == null) {
            return null;
        }
        if (!protections.isProtected(peer)) {
            return new ConnectionDeniedException(full);
        }
        return displaceFor(peer, connected) ? null : new ConnectionDeniedException(full + ", all of them protected");
    }

    private @Nullable String full(PeerId peer, ConnectedPeers connected) {
        if (sockets.excess() > leaving) {
            return "the host has as many connections as it may";
        }
        if (connected.peers().size() >= settings.maxPeers()
                && connected.open(peer).isEmpty()
                && count(connected) >= settings.maxPeers()) {
            return "the host has " + settings.maxPeers() + " of " + settings.maxPeers() + " peers";
        }
        return null;
    }

    private boolean displaceFor(PeerId peer, ConnectedPeers connected) {
        List<PeerStanding> candidates = standings(connected, other -> !other.equals(peer));
        List<PeerStanding> victims = new ArrayList<>();
        victims.addAll(order.sorted(where(candidates, this::mayBeTrimmed)));
        victims.addAll(order.sorted(where(candidates, other -> isUnused(other) && isYoung(other))));
        victims.addAll(order.sorted(where(candidates, other -> !isUnused(other))));
        for (PeerStanding victim : victims) {
            List<EstablishedConnection> open = connected.open(victim.peer());
            if (!open.isEmpty()) {
                LOG.debug("peer={} is dropped in favor of the protected peer={}", victim.peer(), peer);
                for (EstablishedConnection connection : open) {
                    leaving++;
                    connection.close(TRIMMED).whenCompleteAsync((cause, failure) -> leaving--, peerExecutor);
                }
                return true;
            }
        }
        return false;
    }

    /** A peer was added: others may have to be dropped. */
    public void admitted(ConnectedPeers connected) {
        if (connected.peers().size() > settings.high() && !looksAgain) {
            trim(connected);
        }
    }

    private void trim(ConnectedPeers connected) {
        int count = count(connected);
        if (count <= settings.high()) {
            return;
        }
        int before = count;
        for (PeerStanding next : order.sorted(standings(connected, peer -> true).stream()
                .filter(this::mayBeTrimmed)
                .toList())) {
            if (count <= settings.low()) {
                break;
            }
            if (closeIfUnused(connected.open(next.peer()))) {
                count--;
            }
        }
        LOG.debug("trimmed peers from={} to={} high={} low={}", before, count, settings.high(), settings.low());
        if (count > settings.high()) {
            looksAgain = true;
            peerExecutor.schedule(
                    () -> {
                        looksAgain = false;
                        trim(connected);
                    },
                    AGAIN_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** The first connection decides, since new streams use it; streams opened on another one meanwhile are waited for. */
    private static boolean closeIfUnused(List<EstablishedConnection> open) {
        if (open.isEmpty() || !open.get(0).closeIfUnused(TRIMMED)) {
            return false;
        }
        open.stream().skip(1).forEach(connection -> connection.close(TRIMMED));
        return true;
    }

    /** The time for new connections. */
    public long nowNanos() {
        return nanoTime.getAsLong();
    }

    private static int count(ConnectedPeers connected) {
        return (int) connected.peers().stream()
                .filter(peer -> !connected.open(peer).isEmpty())
                .count();
    }

    private List<PeerStanding> standings(ConnectedPeers connected, Predicate<PeerId> which) {
        long now = nanoTime.getAsLong();
        List<PeerStanding> standings = new ArrayList<>();
        for (PeerId peer : connected.peers()) {
            List<EstablishedConnection> open = connected.open(peer);
            if (!open.isEmpty() && which.test(peer) && !protections.isProtected(peer)) {
                standings.add(standing(peer, open, now));
            }
        }
        return standings;
    }

    private static PeerStanding standing(PeerId peer, List<EstablishedConnection> open, long now) {
        boolean dialed = false;
        long connected = 0;
        long unused = Long.MAX_VALUE;
        for (EstablishedConnection connection : open) {
            dialed |= connection.role() == Role.INITIATOR;
            connected = Math.max(connected, now - connection.establishedNanos());
            unused = Math.min(unused, connection.isUnused() ? now - connection.unusedSinceNanos() : 0);
        }
        return new PeerStanding(
                peer, open.size(), dialed, Duration.ofNanos(connected), Duration.ofNanos(Math.max(0, unused)));
    }

    private static List<PeerStanding> where(List<PeerStanding> peers, Predicate<PeerStanding> which) {
        return peers.stream().filter(which).toList();
    }

    private boolean mayBeTrimmed(PeerStanding peer) {
        return isUnused(peer) && !isYoung(peer);
    }

    private boolean isYoung(PeerStanding peer) {
        return peer.connectedFor().compareTo(settings.grace()) < 0;
    }

    private static boolean isUnused(PeerStanding peer) {
        return !peer.unusedFor().isZero();
    }
}
