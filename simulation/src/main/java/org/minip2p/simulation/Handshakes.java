package org.minip2p.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;

/**
 * Checks the handshake events of one host: a peer completes once until its last connection closes, on an existing connection,
 * and never after a permanent failure of the same connection; each reason is reported once per connection.
 */
final class Handshakes {
    static final String NETWORK = "0x00000001";
    private static final String SUBNETS = "0".repeat(Metadata.SUBNETS_LENGTH);

    private record Told(long connection, String reason) {}

    private final World world;
    private final String name;

    /** The latest node info of each peer whose handshake is complete. */
    private final Map<String, NodeInfo> completed = new LinkedHashMap<>();

    /** Connections on which a handshake has failed for good. */
    private final Set<Long> refused = new HashSet<>();

    /** How often each failure was reported. */
    private final Map<Told, Integer> failed = new LinkedHashMap<>();

    private int asks;
    private int version = 1;

    Handshakes(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** The current node info of this host. */
    NodeInfo own() {
        return NodeInfo.of(NETWORK, new Metadata(name + " v" + version, "", "", SUBNETS));
    }

    /** Changes this host's node info; the host then asks its peers again. */
    void change() {
        version++;
        asks++;
    }

    /** The latest node info of a peer, if its handshake is complete. */
    Optional<NodeInfo> of(PeerId peer) {
        return Optional.ofNullable(completed.get(peer.toString()));
    }

    /**
     * Checks an event of the handshake.
     *
     * @param connected the peer of the event's connection, if the host has reported the connection as established
     */
    void told(HandshakeEvent event, @Nullable String connected) {
        String peer = event.peerId().toString();
        world.note(name, "handshake " + event.getClass().getSimpleName());
        boolean isFailure = event instanceof HandshakeEvent.Failed; // also if the connection has ended
        if (!isFailure && !peer.equals(connected)) {
            world.fault(name + " tells of a handshake on connection " + event.connectionId() + ", which is not there: "
                    + event);
        }
        if (event instanceof HandshakeEvent.Completed done) {
            if (completed.put(peer, done.theirInfo()) != null) {
                world.fault(name + " has completed a handshake twice: " + event);
            }
            if (refused.contains(event.connectionId())) {
                world.fault(name + " has completed a handshake behind a permanent failure: " + event);
            }
        } else if (event instanceof HandshakeEvent.Updated update) {
            NodeInfo before = completed.put(peer, update.theirInfo());
            if (before == null) {
                world.fault(name + " tells of an update without a handshake: " + event);
            } else if (before.equals(update.theirInfo())) {
                world.fault(name + " tells of an update that is none: " + event);
            }
        } else if (event instanceof HandshakeEvent.Failed failure) {
            Told told =
                    new Told(event.connectionId(), failure.reason().getClass().getSimpleName());
            if (failure.reason().isPermanent()) {
                refused.add(event.connectionId());
            }
            // Each ask is a new start: the same failure may be reported again.
            if (failed.merge(told, 1, Integer::sum) > 1 + asks) {
                world.fault(name + " tells more than once of a handshake that failed: " + event);
            }
        }
    }

    /** A connection to a peer has ended; {@code left} others are still open. */
    void closed(String peer, int left) {
        if (left == 0) {
            completed.remove(peer);
        }
    }

    /** State of peers without a connection, one per line. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        completed.keySet().forEach(peer -> left.add(name + " is still shaken hands with " + peer));
        return left;
    }
}
