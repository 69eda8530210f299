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

    /** What each peer that is completed told last. */
    private final Map<String, NodeInfo> completed = new LinkedHashMap<>();

    /** Connections on which a handshake has failed for good. */
    private final Set<Long> refused = new HashSet<>();

    /** How often a transient failure was told. */
    private final Map<Told, Integer> failed = new LinkedHashMap<>();

    private int asks;
    private int version = 1;

    Handshakes(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** What this host says of itself now. */
    NodeInfo own() {
        return NodeInfo.of(NETWORK, new Metadata(name + " v" + version, "", "", SUBNETS));
    }

    /** It says something else from now on, and asks its peers again. */
    void change() {
        version++;
        asks++;
    }

    /** What a peer has told last, if it is completed. */
    Optional<NodeInfo> of(PeerId peer) {
        return Optional.ofNullable(completed.get(peer.toString()));
    }

    /**
     * An event that the handshake has told.
     *
     * @param connected the peer of that connection, if the host has told that it is there
     */
    void told(HandshakeEvent event, @Nullable String connected) {
        String peer = event.peerId().toString();
        world.note(name, "handshake " + event.getClass().getSimpleName());
        boolean isFailure = event instanceof HandshakeEvent.Failed; // which may be that the connection is over
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
            // Each ask is a new beginning: what was told of it may be told again.
            if (failed.merge(told, 1, Integer::sum) > 1 + asks) {
                world.fault(name + " tells more than once of a handshake that failed: " + event);
            }
        }
    }

    /** A connection to a peer is over, and so many are left. */
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
