package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/** The handshake between two hosts on real sockets. */
class NodeInfoHandshakeTest {
    /** NIF-16, NIF-18, NIF-21. */
    @Test
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

    /** NIF-20, NIF-22: the responder answers, so both learn why; the initiator closes. */
    @Test
    void tellsBothSidesOfAnotherNetworkAndCloses() throws Exception {
        try (Node dialer = Node.start();
                Node listener = Node.start(() -> Node.OTHER_NETWORK, Node.NO_HURRY)) {
            Connection connection = dialer.dial(listener.host);

            Failed atDialer = dialer.next(Failed.class);
            Failed atListener = listener.next(Failed.class);

            assertThat(atDialer.reason()).isEqualTo(new FailureReason.NetworkMismatch("0x00000502", "0x00000001"));
            assertThat(atDialer.initiatedByUs()).isTrue();
            assertThat(atListener.reason()).isEqualTo(new FailureReason.NetworkMismatch("0x00000001", "0x00000502"));
            assertThat(atListener.initiatedByUs()).isFalse();
            assertThat(atDialer.reason().isPermanent()).isTrue();
            Node.get(connection.closed());
            dialer.awaitNoPeers();
            listener.awaitNoPeers();
            assertThat(dialer.events).isEmpty();
            assertThat(listener.events).isEmpty();
        }
    }

    /** NIF-30, NIF-31: a further connection carries an exchange of its own, and what has changed is told. */
    @Test
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

    /** The listener does not start before its wait is over, and then does. */
    @Test
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

            try (var answering = NodeInfoHandshake.install(second, () -> Node.INFO, Node.NO_HURRY, event -> {});
                    var asking = NodeInfoHandshake.install(first, () -> Node.INFO, Node.NO_HURRY, told::complete)) {
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
            assertThatThrownBy(() -> NodeInfoHandshake.install(node.host, () -> Node.INFO, Node.NO_HURRY, event -> {}))
                    .isInstanceOf(IllegalStateException.class);

            var unused = other.dial(node.host);
            node.next(Completed.class);
        }
    }

    /** A listener that takes its time holds up the events of its own peer alone. */
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

    /** An exchange without node info of our own fails, and nothing is closed because of it. */
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

    /** NIF-27. */
    @Test
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
}
