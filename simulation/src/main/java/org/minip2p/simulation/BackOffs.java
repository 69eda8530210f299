package org.minip2p.simulation;

import java.util.List;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;
import org.minip2p.host.HostConfig;
import org.minip2p.host.SimulatedHost;

/**
 * Checks the failed addresses that hosts remember: never more than the limit, none of a peer that was reached, none after it has expired,
 * and none when the host is closed.
 */
final class BackOffs {
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST = 1_024;
    private static final int TOO_MANY = 1_100;
    private static final int AT_ONCE = 50;

    private final World world;

    BackOffs(World world) {
        this.world = world;
    }

    /** Checks that no host remembers more than the limit. */
    void areBounded(List<Node> nodes) {
        nodes.forEach(this::isBounded);
    }

    private void isBounded(Node node) {
        int count = resting(node);
        if (count > MOST) {
            world.fault(node.name() + " remembers " + count + " addresses that it dialed in vain: expected at most "
                    + MOST);
        }
    }

    /** Checks that no host remembers any: the last failed dial was too long ago. */
    void areForgotten(List<Node> nodes, String when) {
        for (Node node : nodes) {
            int count = resting(node);
            if (count > 0) {
                world.fault(
                        when + " " + node.name() + " still remembers " + count + " addresses that it dialed in vain");
            }
        }
    }

    /** Checks that a host remembers no failed address of a peer that it is connected to. */
    void isReached(Node node, PeerId peer) {
        Node.Running running = node.running();
        int count = running == null ? 0 : SimulatedHost.resting(running.host(), peer);
        if (count > 0) {
            world.fault(node.name() + " still remembers " + count
                    + " addresses that it dialed in vain of a peer that it has reached: " + peer);
        }
    }

    /** Makes a host dial more unused addresses than it may remember, unless its limits are too small for that. */
    void overfill(Node node, Node at) {
        Node.Running running = node.running();
        if (node == at || running == null || !running.host().config().equals(HostConfig.defaults())) {
            return;
        }
        world.note(node.name(), "dials " + TOO_MANY + " addresses in vain");
        String host = "/ip4/" + at.machine().address().getHostAddress() + "/tcp/";
        for (int port = 1; port <= TOO_MANY; ) {
            for (int i = 0; i < AT_ONCE && port <= TOO_MANY; i++) {
                Multiaddr nobody = Multiaddr.parse(host + port++ + "/p2p/" + at.peerId());
                node.books()
                        .promised(
                                node.name() + " dials " + nobody,
                                running.host().dial(nobody, DialOptions.when(DialCondition.ALWAYS)));
            }
            world.run(SECOND);
            isBounded(node);
        }
        if (resting(node) != MOST) {
            world.fault(node.name() + " remembers " + resting(node) + " of " + TOO_MANY
                    + " addresses that it dialed in vain: expected " + MOST);
        }
    }

    private static int resting(Node node) {
        Node.Running running = node.running();
        return running == null ? 0 : SimulatedHost.resting(running.host());
    }
}
