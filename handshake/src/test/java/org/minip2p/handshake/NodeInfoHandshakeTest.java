package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.handshake.HandshakeOptions.FailurePolicy;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/** The handshake between two hosts on real sockets. */
class NodeInfoHandshakeTest {
    @Test
    @Conforms({"NIF-16", "NIF-18", "NIF-21"})
    void completesOnceOnBothSidesAfterOneDial() throws Exception {
        NodeInfo listeners = NodeInfo.of(Node.INFO.networkId());
        try (Node dialer = Node.start();
                Node listener = Node.start(() -> listeners, Node.NO_HURRY)) {
            Connection connection = dialer.dial(listener.host);

            Completed atDialer = dialer.next(Completed.class);
            Completed atListener = listener.next(Completed.class);

            assertThat(atDialer.peerId()).isEqualTo(listener.id());
            assertThat(atDialer.theirInfo()).isEqualTo(listeners);
            assertThat(atDialer.connectionId()).isEqualTo(connection.id());
            assertThat(atDialer.initiatedByUs()).isTrue();
            assertThat(atDialer.duration()).isPositive();
            assertThat(atListener.peerId()).isEqualTo(dialer.id());
            assertThat(atListener.theirInfo()).isEqualTo(Node.INFO);
            assertThat(atListener.initiatedByUs()).isFalse();
            assertThat(connection.isOpen()).isTrue();

            dialer.disconnect();
            listener.awaitNoPeers();
            assertThat(dialer.events).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }

    /** The responder answers, so that both sides learn the reason. The initiator closes. */
    @ParameterizedTest
    @EnumSource(names = {"CLOSE_CONNECTION", "CLOSE_IF_SPOKEN"})
    @Conforms({"NIF-20", "NIF-22", "NIF-32"})
    void tellsBothSidesOfAnotherNetworkAndCloses(FailurePolicy policy) throws Exception {
        HandshakeOptions options = Node.NO_HURRY.withFailurePolicy(policy);
        try (Node dialer = Node.start(() -> Node.INFO, options);
                Node listener = Node.start(() -> Node.OTHER_NETWORK, options)) {
            Connection connection = dialer.dial(listener.host);

            Failed atDialer = dialer.next(Failed.class);
            Failed atListener = listener.next(Failed.class);

            assertThat(atDialer.reason())
                    .isEqualTo(new FailureReason.NetworkMismatch(Set.of("0x00000502"), "0x00000001"));
            assertThat(atDialer.initiatedByUs()).isTrue();
            assertThat(atListener.reason())
                    .isEqualTo(new FailureReason.NetworkMismatch(Set.of("0x00000001"), "0x00000502"));
            assertThat(atListener.initiatedByUs()).isFalse();
            assertThat(atDialer.reason().isPermanent()).isTrue();
            Node.get(connection.closed());
            dialer.awaitNoPeers();
            listener.awaitNoPeers();
            assertThat(dialer.events).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closesAConnectionOnWhichThePeerDoesNotSpeakItUnlessToldOtherwise(FailurePolicy policy) throws Exception {
        try (Node node = Node.start(() -> Node.INFO, Node.NO_HURRY.withFailurePolicy(policy));
                Host partner = Node.bareHost()) {
            Connection connection = node.dial(partner);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.ProtocolNotSupported());
            if (policy == FailurePolicy.CLOSE_CONNECTION) {
                Node.get(connection.closed());
            } else {
                Node.get(node.handshake.peersKept());
                assertThat(Node.get(connection.ping())).isPositive();
                assertThat(connection.isOpen()).isTrue();
            }
        }
    }

    /** A further connection carries its own exchange, and changed info is reported. */
    @Test
    @Conforms("NIF-31")
    void tellsOfChangedInformationOnce() throws Exception {
        AtomicReference<NodeInfo> changing = new AtomicReference<>(Node.INFO);
        NodeInfo changed = NodeInfo.of(Node.INFO.networkId(), new Metadata("v2", "", "", "f".repeat(32)));
        try (Node dialer = Node.start();
                Node listener = Node.start(changing::get, Node.NO_HURRY)) {
            var unused = dialer.dial(listener.host);
            assertThat(dialer.next(Completed.class).theirInfo()).isEqualTo(Node.INFO);
            listener.next(Completed.class);

            changing.set(changed);
            Connection second = dialer.dial(listener.host);

            Updated updated = dialer.next(Updated.class);
            assertThat(updated.theirInfo()).isEqualTo(changed);
            assertThat(updated.connectionId()).isEqualTo(second.id());
            dialer.disconnect();
            listener.awaitNoPeers();
            assertThat(dialer.events).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }

    @Test
    @Conforms({"NIF-1", "NIF-17"})
    void sendsItsEnvelopeAloneAndEndsItsSideAtOnce() throws Exception {
        CompletableFuture<byte[]> request = new CompletableFuture<>();
        try (Node node = Node.start();
                Host partner = Node.bareHost()) {
            partner.handle(
                    new ProtocolId("/ssv/info/0.0.1"),
                    HALF_OPEN,
                    stream -> RawStream.attach(stream).received.thenAccept(request::complete));

            var unused = node.dial(partner);

            assertThat(Node.get(request)).isEqualTo(Node.INFO.seal(node.host));
        }
    }

    @Test
    @Conforms({"NIF-17", "NIF-18"})
    void answersAtTheEndOfTheRequestAndNotBefore() throws Exception {
        try (Node node = Node.start();
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            RawStream request = RawStream.open(connection);

            request.send(Node.INFO.seal(partner));
            Node.get(connection.ping());
            Node.get(connection.ping());

            assertThat(request.receivedBytes()).isZero();
            assertThat(node.events).isEmpty();
            request.end();
            assertThat(Node.get(request.received)).isEqualTo(Node.INFO.seal(node.host));
            node.next(Completed.class);
        }
    }

    /** The wait and the deadline. A peer in Go gives up after 20 s, so they must not be longer. */
    @Test
    @Conforms("NIF-24")
    void allows5SecondsForAnExchangeAndForTheWait() {
        assertThat(HandshakeOptions.defaults().exchangeDeadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(HandshakeOptions.defaults().waitForPeer()).isEqualTo(Duration.ofSeconds(5));
    }

    /**
     * ssv's nodes require a common subnet of a peer that dials them. Here the application decides this, with a filter.
     */
    @Test
    @Conforms("NIF-29")
    void canAskForASubnetInCommon() throws Exception {
        NodeInfoFilter common = (peer, theirs) ->
                theirs.metadata().filter(metadata -> metadata.hasSubnet(0)).isPresent()
                        ? Optional.empty()
                        : Optional.of("no subnet in common");
        NodeInfo inCommon = NodeInfo.of(Node.INFO.networkId(), new Metadata("", "", "", "01" + "0".repeat(30)));
        try (Node node = Node.start(() -> Node.INFO, Node.NO_HURRY.withFilters(List.of(common)));
                Node without = Node.start();
                Node with = Node.start(() -> inCommon, Node.NO_HURRY)) {
            var unusedWithout = without.dial(node.host);
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.Filtered("no subnet in common"));

            var unusedWith = with.dial(node.host);
            assertThat(node.next(Completed.class).theirInfo()).isEqualTo(inCommon);
        }
    }

    /**
     * The second exchange started because the connection of the first one closed. Closing the handshake must end the
     * second one.
     */
    @Test
    void endsTheExchangeUnderWayWhenItIsClosed() throws Exception {
        BlockingQueue<RawStream> asked = new LinkedBlockingQueue<>();
        try (Node node = Node.start();
                Partner silent = new Partner((self, exchange, number) -> asked.add(exchange))) {
            var unusedFirst = node.dial(silent.host);
            RawStream first = asked.poll(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Connection second = node.dial(silent.host);
            first.cut();
            RawStream again = asked.poll(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(Node.get(again.received)).isNotEmpty();

            node.handshake.close();

            assertThat(Node.get(again.failed)).isInstanceOf(StreamResetException.class);
            assertThat(second.isOpen()).isTrue();
        }
    }

    @Test
    void completesAgainWhenAPeerComesBack() throws Exception {
        try (Node dialer = Node.start();
                Node listener = Node.start()) {
            for (int times = 0; times < 3; times++) {
                var unused = dialer.dial(listener.host);
                dialer.next(Completed.class);
                listener.next(Completed.class);
                dialer.disconnect();
                listener.awaitNoPeers();
            }
        }
    }

    /** The listener starts an exchange when its wait is over, and not before. */
    @Test
    @Conforms("NIF-16")
    void startsAsListenerWhenTheDialerDoesNot() throws Exception {
        try (Node listener = Node.start(() -> Node.INFO, Node.NO_HURRY.withWaitForPeer(Duration.ofMillis(200)));
                Partner dialer = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            var unused = Node.get(Node.startDialing(dialer.host, listener.host));

            assertThat(listener.next(Completed.class).initiatedByUs()).isTrue();
            assertThat(dialer.requests()).isEqualTo(1);
        }
    }

    @Test
    void takesPartOnConnectionsThatWereThereBefore() throws Exception {
        try (Host first = Node.bareHost();
                Host second = Node.bareHost()) {
            var unused = Node.get(Node.startDialing(first, second));
            CompletableFuture<HandshakeEvent> told = new CompletableFuture<>();

            try (var answering =
                            NodeInfoHandshake.install(second, () -> Node.INFO, Node.NO_HURRY, (host, event) -> {});
                    var asking = NodeInfoHandshake.install(first, () -> Node.INFO, Node.NO_HURRY, (host, event) -> {
                        assertThat(host).isSameAs(first);
                        told.complete(event);
                    })) {
                assertThat(Node.get(told)).isInstanceOf(Completed.class);
                assertThat(Node.get(asking.peersKept())).isEqualTo(1);
                assertThat(Node.get(answering.peersKept())).isEqualTo(1);
            }
        }
    }

    @Test
    void isGoneWhenItHasBeenClosed() throws Exception {
        try (Node node = Node.start();
                Node other = Node.start()) {
            node.handshake.close();

            assertThat(node.host.protocols()).doesNotContain(NodeInfoHandshake.ID);
            var unused = other.dial(node.host);
            assertThat(other.nextFailure()).isEqualTo(new FailureReason.ProtocolNotSupported());
            assertThat(Node.get(node.handshake.peersKept())).isZero();
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    void isInstalledOnceOnAHost() throws Exception {
        try (Node node = Node.start();
                Node other = Node.start()) {
            assertThatThrownBy(() ->
                            NodeInfoHandshake.install(node.host, () -> Node.INFO, Node.NO_HURRY, (host, event) -> {}))
                    .isInstanceOf(IllegalStateException.class);

            var unused = other.dial(node.host);
            node.next(Completed.class);
        }
    }

    /** A slow listener delays only the events of the peer whose event it is handling. */
    @Test
    void isNotHeldUpBySlowListenersOfOtherPeers() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        BlockingQueue<PeerId> called = new LinkedBlockingQueue<>();
        try (Node slow = Node.start(() -> Node.INFO, Node.NO_HURRY, event -> {
                    if (called.isEmpty()) {
                        called.add(event.peerId());
                        awaitUninterruptibly(mayGoOn);
                    }
                });
                Node first = Node.start();
                Node second = Node.start()) {
            var unusedFirst = slow.dial(first.host);
            first.next(Completed.class);
            Node.eventually("not called", () -> !called.isEmpty());

            var unusedSecond = slow.dial(second.host);

            assertThat(slow.next(Completed.class).peerId()).isEqualTo(second.id());
            second.next(Completed.class);
            mayGoOn.countDown();
            assertThat(slow.next(Completed.class).peerId()).isEqualTo(first.id());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An exchange for which we have no node info of our own fails, and no connection is closed. */
    @Test
    void tellsOfItsOwnFaultWhenThereIsNoInfo() throws Exception {
        Supplier<NodeInfo> broken = () -> {
            throw new IllegalStateException("not known yet");
        };
        try (Node node = Node.start(broken, Node.NO_HURRY);
                Node other = Node.start()) {
            Connection asking = node.dial(other.host);
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.LocalFault());
            assertThat(asking.isOpen()).isTrue();
            node.disconnect();
            other.awaitNoPeers();

            Connection asked = other.dial(node.host);
            assertThat(other.nextFailure()).isEqualTo(new FailureReason.StreamReset());
            assertThat(asked.isOpen()).isTrue();
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    @Conforms("NIF-27")
    void tellsOfItsOwnFaultWhenItsInfoIsTooLong() throws Exception {
        NodeInfo tooLong = NodeInfo.of(Node.INFO.networkId(), new Metadata("v".repeat(900), "", "", "0".repeat(32)));
        try (Node node = Node.start(() -> tooLong, Node.NO_HURRY);
                Node other = Node.start()) {
            var unused = node.dial(other.host);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.LocalFault());
        }
    }

    @Test
    void tellsOfItsOwnFaultWhenAFilterFails() throws Exception {
        NodeInfoFilter broken = (peer, theirs) -> {
            throw new IllegalStateException("broken filter");
        };
        try (Node node = Node.start(() -> Node.INFO, Node.NO_HURRY.withFilters(List.of(broken)));
                Node other = Node.start()) {
            Connection connection = node.dial(other.host);

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.LocalFault());
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void keepsNothingAfterManyPeers() throws Exception {
        try (Node node = Node.start()) {
            for (int i = 0; i < 10; i++) {
                try (Node peer = Node.start()) {
                    var unused = i % 2 == 0 ? node.dial(peer.host) : peer.dial(node.host);
                    peer.next(Completed.class);
                    node.next(Completed.class);
                }
            }
            node.awaitNoPeers();
            assertThat(node.events).isEmpty();
        }
    }

    /**
     * The peer is answered on its event loop while the peer executor is busy, and leaves before that is free. Its
     * request still counts.
     */
    @Test
    void aPeerThatLeavesAsSoonAsItIsAnsweredIsCompleted() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        Host leaving = Node.bareHost();
        try (Node node = Node.start()) {
            Connection connection = Node.get(Node.startDialing(leaving, node.host));
            Node.eventually("no connection", () -> !node.host.connections().isEmpty());
            node.host.protocolContext().execute(() -> await(gone));
            RawStream exchange = RawStream.open(connection);
            exchange.send(Node.INFO.seal(leaving)).end();
            assertThat(Node.get(exchange.received)).isNotEmpty();
            Connection ours = node.host.connections().get(0);
            connection.close();
            Node.get(ours.closed());

            gone.countDown();

            assertThat(node.next(Completed.class).initiatedByUs()).isFalse();
        } finally {
            gone.countDown();
            Node.close(leaving);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Node.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
