package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostEvent.ConnectionClosed;

/** SEC-G3: connections that come and go at random while handshakes run. */
class TrimmedConnectionsTest {
    private static final int STEPS = 12;
    private static final int MAX_PAUSE_MICROS = 2_000;
    private static final long SEED = 644;

    /** Marks the place in a side's account where its last connection to the other was closed. */
    private static final Object ZERO = "no connection left";

    /** A side, and everything that its application was told, in order. */
    private record Side(Node node, List<Object> told) {
        static Side start() throws Exception {
            List<Object> told = Collections.synchronizedList(new ArrayList<>());
            Node node = Node.start(() -> Node.INFO, Node.NO_HURRY, told::add);
            node.host.addListener((host, event) -> {
                if (event instanceof ConnectionClosed closed && closed.numEstablished() == 0) {
                    told.add(ZERO);
                }
            });
            return new Side(node, told);
        }
    }

    @Test
    void completesWhateverIsTrimmedAndTellsItOnceBetweenTwoZeros() throws Exception {
        trim(10, new Random(SEED));
    }

    @Tag("explore")
    @Timeout(600)
    @Test
    void completesWhateverIsTrimmedForLong() throws Exception {
        trim(100, new Random(SEED + 1));
    }

    private static void trim(int rounds, Random random) throws Exception {
        Side one = Side.start();
        Side two = Side.start();
        try (Node first = one.node();
                Node second = two.node()) {
            for (int round = 0; round < rounds; round++) {
                List<CompletableFuture<Connection>> dials = new ArrayList<>();
                for (int step = 0; step < STEPS; step++) {
                    dialOrClose(random, random.nextBoolean() ? first : second, first, second, dials);
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(MAX_PAUSE_MICROS)));
                }
                for (CompletableFuture<Connection> dial : dials) {
                    // Some dials are refused: they would be the third connection to this peer.
                    var unused = Node.get(dial.handle((connection, failure) -> connection != null));
                }
                settle(random.nextBoolean() ? first : second, first, second);
                Node.eventually(
                        "not covered",
                        () -> Node.get(first.handshake.isCovered(second.id()))
                                && Node.get(second.handshake.isCovered(first.id())));
                Node.disconnect(first, second);
                assertAccount(round, one.told());
                assertAccount(round, two.told());
            }
        }
    }

    private static void dialOrClose(
            Random random, Node actor, Node first, Node second, List<CompletableFuture<Connection>> dials) {
        Host other = actor == first ? second.host : first.host;
        List<Connection> open = actor.host.connections(other.peerId());
        if (open.isEmpty() || random.nextInt(3) > 0) {
            dials.add(actor.startDialing(other));
        } else {
            var unused = open.get(random.nextInt(open.size())).close();
        }
    }

    /** Waits until there is a connection and both sides see the same ones. */
    private static void settle(Node dialer, Node first, Node second) throws Exception {
        Host other = dialer == first ? second.host : first.host;
        Node.eventually("no connection", () -> {
            if (dialer.host.connections(other.peerId()).isEmpty()) {
                Node.get(dialer.startDialing(other).handle((connection, failure) -> connection != null));
            }
            return areTheSame(first.host.connections(second.id()), second.host.connections(first.id()));
        });
    }

    /**
     * None of them may be closing. Such a connection is in the list until it has closed, and then no side would dial
     * again.
     */
    private static boolean areTheSame(List<Connection> ones, List<Connection> twos) {
        if (!ones.stream().allMatch(Connection::isOpen) || !twos.stream().allMatch(Connection::isOpen)) {
            return false;
        }
        Set<Object> here = new HashSet<>();
        ones.forEach(connection -> here.add(List.of(connection.localAddress(), connection.remoteAddress())));
        Set<Object> there = new HashSet<>();
        twos.forEach(connection -> there.add(List.of(connection.remoteAddress(), connection.localAddress())));
        return !here.isEmpty() && here.equals(there);
    }

    private static void assertAccount(int round, List<Object> told) {
        List<Object> account = List.copyOf(told);
        told.clear();
        assertThat(account)
                .as("round %s", round)
                .anyMatch(Completed.class::isInstance)
                .endsWith(ZERO);
        Set<Object> sinceZero = new HashSet<>();
        for (Object event : account) {
            if (event.equals(ZERO)) {
                sinceZero.clear();
            } else if (event instanceof Completed) {
                assertThat(sinceZero.add("completed")).as("once: %s", account).isTrue();
            } else if (event instanceof Failed failed) {
                assertThat(failed.reason().isPermanent()).as("%s", failed).isFalse();
                assertThat(sinceZero)
                        .as("no failure after Completed: %s", account)
                        .doesNotContain("completed");
                assertThat(sinceZero.add(List.of(failed.connectionId(), failed.reason())))
                        .as("once: %s", account)
                        .isTrue();
            } else {
                assertThat(event).as("no other kind of event").isNull();
            }
        }
    }
}
