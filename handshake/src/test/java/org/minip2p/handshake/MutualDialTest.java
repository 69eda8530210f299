package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.host.Connection;

/** Two hosts that dial each other at the same time, the case that the rule is made for. */
class MutualDialTest {
    private static final int ROUNDS = 100;

    /** Up to what it takes to make a connection on loopback, so that every order of the four events comes. */
    private static final int MAX_DELAY_MICROS = 3000;

    private static final long SEED = 20240229;

    /** Either side dials first, by a random time or none; whichever end of which connection is established first is luck. */
    @Test
    void completesExactlyOnceOnEachSide() throws Exception {
        Random random = new Random(SEED);
        try (Node one = Node.start();
                Node two = Node.start()) {
            for (int round = 0; round < ROUNDS; round++) {
                Node first = round % 2 == 0 ? one : two;
                Node second = round % 2 == 0 ? two : one;

                CompletableFuture<Connection> there = first.startDialing(second.host);
                if (round % 4 > 1) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(MAX_DELAY_MICROS)));
                }
                CompletableFuture<Connection> back = second.startDialing(first.host);

                assertThat(first.next(Completed.class).peerId()).isEqualTo(second.id());
                assertThat(second.next(Completed.class).peerId()).isEqualTo(first.id());
                var unusedThere = Node.get(there);
                var unusedBack = Node.get(back);
                Node.eventually(
                        "not both connections",
                        () -> first.host.connections(second.id()).size() == 2
                                && second.host.connections(first.id()).size() == 2);
                first.disconnect();
                second.awaitNoPeers();
                assertThat(first.events).as("round %s", round).isEmpty();
                assertThat(second.events).as("round %s", round).isEmpty();
            }
        }
    }

    /** Dials that the host makes one of: a connection may be there for one end and be closed at the other. */
    @Test
    void completesExactlyOnceOnEachSideWhenTheHostsSettleForOneConnection() throws Exception {
        try (Node one = Node.start();
                Node two = Node.start()) {
            for (int round = 0; round < ROUNDS; round++) {
                CompletableFuture<Connection> there =
                        one.host.dial(two.host.addresses().get(0));
                CompletableFuture<Connection> back =
                        two.host.dial(one.host.addresses().get(0));

                assertThat(one.next(Completed.class).peerId()).isEqualTo(two.id());
                assertThat(two.next(Completed.class).peerId()).isEqualTo(one.id());
                var unusedThere = Node.get(there);
                var unusedBack = Node.get(back);
                one.disconnect();
                two.awaitNoPeers();
                assertThat(one.events).as("round %s", round).isEmpty();
                assertThat(two.events).as("round %s", round).isEmpty();
            }
        }
    }

    /** One of the two connections goes as soon as it is there, at an end of luck: the handshake completes on the other. */
    @Test
    void completesOnTheOtherConnectionWhenOneIsTrimmed() throws Exception {
        Random random = new Random(SEED);
        try (Node one = Node.start();
                Node two = Node.start()) {
            for (int round = 0; round < ROUNDS; round++) {
                CompletableFuture<Connection> there = one.startDialing(two.host);
                CompletableFuture<Connection> back = two.startDialing(one.host);
                CompletableFuture<Connection> trimmed = random.nextBoolean() ? there : back;
                trimmed.thenAccept(Connection::close);

                var unusedThere = Node.get(there);
                var unusedBack = Node.get(back);
                var unusedEnd = Node.get(Node.get(trimmed).closed());
                Node.eventually(
                        "one connection",
                        () -> one.host.connections(two.id()).size() == 1
                                && two.host.connections(one.id()).size() == 1);
                Node.eventually(
                        "not covered",
                        () -> Node.get(one.handshake.isCovered(two.id()))
                                && Node.get(two.handshake.isCovered(one.id())));
                one.disconnect();
                two.awaitNoPeers();
                assertThat(one.events).as("round %s", round).anyMatch(Completed.class::isInstance);
                assertThat(two.events).as("round %s", round).anyMatch(Completed.class::isInstance);
                assertThat(one.events).noneMatch(MutualDialTest::isPermanentFailure);
                assertThat(two.events).noneMatch(MutualDialTest::isPermanentFailure);
                one.events.clear();
                two.events.clear();
            }
        }
    }

    private static boolean isPermanentFailure(HandshakeEvent event) {
        return event instanceof Failed failed && failed.reason().isPermanent();
    }
}
