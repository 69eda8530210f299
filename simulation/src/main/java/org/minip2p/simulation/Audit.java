package org.minip2p.simulation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks the timers and exchanges of all hosts whenever no worker has anything to do. Each timer must have a reason: a socket of its loop,
 * or a pending dial. A timer that outlives its reason was not cancelled.
 */
final class Audit implements Runnable {
    /** Classes that have at most one timer for each socket. */
    private static final Set<String> ONE_A_SOCKET = Set.of("IdleTimer", "KeepAlive");

    /** The class of a stream, which may outlive its socket while its last bytes are unread, together with the timers of its handlers. */
    private static final String OF_UNREAD_BYTES = "LocalStream";

    /** The class of a dial, whose timers end with it. */
    private static final String OF_A_DIAL = "PeerDial";

    private final World world;
    private final Population population;

    /** Faults already reported, so that each is reported once. */
    private final Set<String> told = new LinkedHashSet<>();

    Audit(World world, Population population) {
        this.world = world;
        this.population = population;
    }

    @Override
    public void run() {
        for (Node node : population.nodes()) {
            if (!node.isSuspended()) {
                node.loops().forEach(loop -> look(node, loop));
                lookAtDials(node);
                node.exchanges().look();
            }
        }
    }

    private void look(Node node, Loop loop) {
        if (loop.timers().isEmpty()) {
            return;
        }
        int sockets = node.machine().sockets(loop);
        Map<String, Integer> owners = loop.timers().owners();
        boolean isUnused = sockets == 0 && !owners.containsKey(OF_UNREAD_BYTES);
        Map<String, Integer> nameless = new LinkedHashMap<>();
        owners.forEach((owner, count) -> {
            if (isUnused || (ONE_A_SOCKET.contains(owner) && count > sockets)) {
                nameless.put(owner, count);
            }
        });
        if (!nameless.isEmpty()) {
            tell(loop.name() + " has " + sockets + " sockets, and timers of " + nameless);
        }
    }

    private void lookAtDials(Node node) {
        Node.Running running = node.running();
        if (running == null || node.peers().timers().isEmpty()) {
            return;
        }
        Integer timers = node.peers().timers().owners().get(OF_A_DIAL);
        if (timers != null && running.host().figures().sockets().dials() == 0) {
            tell(node.name() + " dials nobody, and has " + timers + " timers of dials");
        }
    }

    private void tell(String what) {
        if (told.add(what)) {
            world.fault(what);
        }
    }
}
