package org.minip2p.simulation;

import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;

/**
 * Whom a host lets in: a peer that has fewer connections than it may, closed ones left out, is never refused for having too many. What it
 * has is looked at when the gater is asked, in the task that decides.
 */
final class Newcomers {
    private static final int MOST_PER_PEER = HostConfig.defaults().get(HostConfig.MAX_CONNECTIONS_PER_PEER);

    /** How a refusal begins and ends that says that a peer has all that it may have. */
    private static final String PEER = "peer ";

    private static final String ANSWERS = "and they answer";

    /** Longer than a dial takes. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final World world;
    private final String name;

    /** How many open ones a peer had when it came from there. */
    private final Map<SocketAddress, Long> cameTo = new HashMap<>();

    /** Peers that a dial has reached. */
    private final Set<String> reached = new HashSet<>();

    /** When a peer had all that it may have, and one of our dials had reached it. */
    private final Map<String, Long> fullNanos = new HashMap<>();

    private boolean isTrusted = true;

    Newcomers(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** The gater is asked about a connection to a peer, which has these. */
    void asked(PeerId peer, SocketAddress from, Role role, List<Connection> before) {
        long open = before.stream().filter(Connection::isOpen).count();
        if (role == Role.RESPONDER) {
            cameTo.put(from, open);
        } else {
            reached.add(peer.toString());
            if (open >= MOST_PER_PEER) {
                fullNanos.put(peer.toString(), world.nowNanos());
            }
        }
    }

    /** The host stands still for a while, so that nobody knows which dial it is that has failed. */
    void distrust() {
        isTrusted = false;
    }

    /** An event of the host. */
    void told(HostEvent event) {
        if (event instanceof HostEvent.IncomingConnectionFailed failed && isFull(failed.error())) {
            Long open = cameTo.get(failed.remoteAddress());
            if (open != null && open < MOST_PER_PEER) {
                world.fault(name + " let nobody in although " + open + " connections were open: " + failed.error());
            }
        }
    }

    /** A dial has failed. */
    void failed(PeerId peer, Throwable failure) {
        Long full = fullNanos.get(peer.toString());
        boolean wasFull = full != null && world.nowNanos() - full < PATIENCE_NANOS;
        if (isTrusted && !wasFull && reached.contains(peer.toString()) && isFull(failure)) {
            world.fault(name + " reached a peer, and refused it although 1 connections were open at most: " + failure);
        }
    }

    private static boolean isFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains(PEER) && message.endsWith(ANSWERS)) {
                return true;
            }
            for (Throwable other : cause.getSuppressed()) {
                if (isFull(other)) {
                    return true;
                }
            }
        }
        return false;
    }
}
