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
 * Checks which peers a host accepts: a peer with fewer open connections than it may have is never refused for having too many. The
 * connections are counted when the gater is asked, in the task that decides.
 */
final class Newcomers {
    private static final int MOST_PER_PEER = HostConfig.defaults().get(HostConfig.MAX_CONNECTIONS_PER_PEER);

    /** A part of the message that refuses a peer because it has its maximum of connections; the next one is its end. */
    private static final String PEER = "peer ";

    private static final String ANSWERS = "and they answer";

    /** Longer than any dial takes. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final World world;
    private final String name;

    /** The number of open connections that a peer had when it connected from an address. */
    private final Map<SocketAddress, Long> cameTo = new HashMap<>();

    /** Peers that a dial has reached. */
    private final Set<String> reached = new HashSet<>();

    /** When a dial reached a peer that already had its maximum of connections. */
    private final Map<String, Long> fullNanos = new HashMap<>();

    private boolean isTrusted = true;

    Newcomers(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** The gater is asked about a connection to a peer that already has the given ones. */
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

    /**
     * The host is suspended for a while. From then on a failed dial cannot be matched with what was seen, so dials are no longer checked.
     */
    void distrust() {
        isTrusted = false;
    }

    /** Checks an event of the host. */
    void told(HostEvent event) {
        if (event instanceof HostEvent.IncomingConnectionFailed failed && isFull(failed.error())) {
            Long open = cameTo.get(failed.remoteAddress());
            if (open != null && open < MOST_PER_PEER) {
                world.fault(name + " let nobody in although " + open + " connections were open: " + failed.error());
            }
        }
    }

    /** Checks a failed dial. */
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
