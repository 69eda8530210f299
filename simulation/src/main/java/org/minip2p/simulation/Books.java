package org.minip2p.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.host.HostEvent;

/**
 * Records the events and futures of one host, to check them: each reported connection ends once, counts are right, and every future
 * is completed.
 */
final class Books {
    /** A future that the host has returned, and its purpose. */
    private record Promised(String what, CompletableFuture<?> future) {}

    private final World world;
    private final String name;
    private final Handshakes handshakes;

    /** The connections reported as established and not as closed, with their peers. */
    private final Map<Long, String> open = new LinkedHashMap<>();

    private final Map<Long, String> ever = new LinkedHashMap<>();
    private final List<Promised> promises = new ArrayList<>();
    private final List<Transfer> transfers = new ArrayList<>();
    private int connections;
    private int failures;

    Books(World world, String name) {
        this.world = world;
        this.name = name;
        this.handshakes = new Handshakes(world, name);
    }

    World world() {
        return world;
    }

    /** The name of the host. */
    String name() {
        return name;
    }

    /** The events of its handshake. */
    Handshakes handshakes() {
        return handshakes;
    }

    /** Adds an event of its handshake. */
    void told(HandshakeEvent event) {
        handshakes.told(event, open.get(event.connectionId()));
    }

    /** The number of reported connections. */
    int connections() {
        return connections;
    }

    /** The number of failed dials and sockets. */
    int failures() {
        return failures;
    }

    /** Adds a returned future, which must be completed. */
    void promised(String what, CompletableFuture<?> future) {
        promises.add(new Promised(what, future));
        future.whenComplete((result, failure) ->
                world.note(name, what + (failure == null ? " is done" : " failed " + kind(failure))));
    }

    private static String kind(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getClass().getSimpleName()
                + (cause == null ? "" : " of " + cause.getClass().getSimpleName());
    }

    void transferring(Transfer transfer) {
        transfers.add(transfer);
    }

    /** Adds an event of the host. */
    void told(HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            long id = established.connection().id();
            String peer = established.connection().remotePeer().toString();
            connections++;
            world.note(name, "connection " + id + " established, " + established.numEstablished());
            if (ever.put(id, peer) != null) {
                world.fault(name + " tells a second time of connection " + id);
            }
            open.put(id, peer);
            expect(peer, established.numEstablished(), event);
            if (established.otherEstablished() != established.numEstablished() - 1) {
                world.fault(name + " counts others wrong: " + event);
            }
        } else if (event instanceof HostEvent.ConnectionClosed over) {
            long id = over.connection().id();
            world.note(name, "connection " + id + " closed " + over.cause().reason());
            String peer = open.remove(id);
            if (peer == null) {
                world.fault(name + " tells of the end of connection " + id + ", of which it told "
                        + (ever.containsKey(id) ? "the end" : "no beginning"));
            } else {
                handshakes.closed(peer, over.numEstablished());
                expect(peer, over.numEstablished(), event);
            }
        } else {
            failures++;
            world.note(name, event.getClass().getSimpleName());
        }
    }

    private void expect(String peer, int told, HostEvent event) {
        long counted = open.values().stream().filter(peer::equals).count();
        if (counted != told) {
            world.fault(name + " counts " + told + " connections where there are " + counted + ": " + event);
        }
    }

    /** The faults at the end, one per line. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        open.forEach((id, peer) -> left.add(name + " told of no end of connection " + id + " to " + peer));
        promises.stream()
                .filter(each -> !each.future.isDone())
                .forEach(each -> left.add(name + " never completed " + each.what));
        transfers.forEach(each -> left.addAll(each.leftovers()));
        left.addAll(handshakes.leftovers());
        return left;
    }
}
