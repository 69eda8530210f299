package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/** Peers that are asked again, between hosts on real sockets. */
class AskAgainTest {
    private static final NodeInfo CHANGED =
            NodeInfo.of(Node.INFO.networkId(), new Metadata("v2", "", "", "f".repeat(32)));

    /** Without the repeat, so that every exchange but the first is one that the test asked for. */
    private static final HandshakeOptions ONCE = Node.NO_HURRY.withRepeatAfter(Duration.ZERO);

    @Test
    @Conforms("NIF-36")
    void tellsBothSidesOfWhatHasChanged() throws Exception {
        AtomicReference<NodeInfo> changing = new AtomicReference<>(Node.INFO);
        try (Node node = Node.start(changing::get, ONCE);
                Node other = Node.start(changing::get, ONCE)) {
            Connection connection = node.dial(other.host);
            node.next(Completed.class);
            other.next(Completed.class);

            changing.set(CHANGED);
            node.handshake.askAgain(other.id());

            Updated here = node.next(Updated.class);
            assertThat(here).isEqualTo(new Updated(other.id(), CHANGED, connection.id()));
            assertThat(other.next(Updated.class).theirInfo()).isEqualTo(CHANGED);
            Node.disconnect(node, other);
            assertThat(node.events).isEmpty();
            assertThat(other.events).isEmpty();
        }
    }

    @Test
    void asksAlsoWhoHasDialedUs() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, ONCE);
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            completeByRequest(node, partner.host);

            node.handshake.askAgain(partner.host.peerId());

            Node.eventually("not asked", () -> partner.requests() == 1);
        }
    }

    private static Connection completeByRequest(Node node, Host partner) throws Exception {
        Connection connection = Node.get(Node.startDialing(partner, node.host));
        RawStream.open(connection).send(Node.INFO.seal(partner)).end();
        node.next(Completed.class);
        return connection;
    }

    @Test
    @Conforms("NIF-36")
    void closesEveryConnectionToAPeerThatIsOnNoAcceptedNetworkAnyMore() throws Exception {
        AtomicReference<Set<String>> accepted =
                new AtomicReference<>(Set.of(Node.INFO.networkId(), Node.OTHER_NETWORK.networkId()));
        HandshakeOptions options = ONCE.withAcceptedNetworks(accepted::get);
        try (Node node = Node.start(() -> Node.INFO, options);
                Node behind = Node.start(() -> Node.OTHER_NETWORK, options)) {
            Connection first = node.dial(behind.host);
            node.next(Completed.class);
            behind.next(Completed.class);
            Connection second = behind.dial(node.host);
            Node.eventually("not connected twice", () -> node.host.connections().size() == 2);

            accepted.set(Set.of(Node.INFO.networkId()));
            node.handshake.askAgain(behind.id());

            FailureReason expected =
                    new FailureReason.NetworkMismatch(Set.of(Node.INFO.networkId()), Node.OTHER_NETWORK.networkId());
            Node.get(first.closed());
            Node.get(second.closed());
            node.awaitNoPeers();
            List<HandshakeEvent> told = new ArrayList<>();
            node.events.drainTo(told);
            assertThat(told)
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(((Failed) event).reason()).isEqualTo(expected));
        }
    }

    @Test
    void leavesAPeerThatIsAcceptedAsItIs() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, ONCE);
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            Connection connection = node.dial(partner.host);
            node.next(Completed.class);

            node.handshake.askAgain(partner.host.peerId());
            Node.eventually("not asked", () -> partner.requests() == 2);
            Node.eventually("not answered", () -> Node.get(node.handshake.isQuiet(partner.host.peerId())));

            assertThat(connection.isOpen()).isTrue();
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    /** A failed ask is reported once, although the peer has completed. Nothing is closed. */
    @Test
    void tellsThatAPeerDidNotAnswerItsLastTry() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, ONCE);
                Partner partner = new Partner((self, exchange, number) -> {
                    if (number == 0) {
                        Partner.answer(exchange, self.envelope());
                    } else {
                        exchange.stream().reset();
                    }
                })) {
            Connection connection = node.dial(partner.host);
            node.next(Completed.class);

            node.handshake.askAgain(partner.host.peerId());

            assertThat(node.nextFailure()).isEqualTo(new FailureReason.StreamReset());
            assertThat(partner.requests()).isEqualTo(4);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void asksEveryPeerOneAfterTheOther() throws Exception {
        BlockingQueue<Long> askedAt = new LinkedBlockingQueue<>();
        List<Partner> partners = new ArrayList<>();
        int perSecond = 20;
        try (Node node = Node.start(() -> Node.INFO, ONCE.withAsksPerSecond(perSecond))) {
            for (int i = 0; i < 5; i++) {
                partners.add(new Partner((self, exchange, number) -> {
                    if (number > 0) {
                        askedAt.add(System.nanoTime());
                    }
                    Partner.answer(exchange, self.envelope());
                }));
                var unused = node.dial(partners.get(i).host);
                node.next(Completed.class);
            }

            long start = System.nanoTime();
            node.handshake.askAgainAll();
            Node.eventually("not all asked", () -> askedAt.size() == partners.size());

            long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(interval * (partners.size() - 1));
            assertThat(partners)
                    .allSatisfy(partner -> assertThat(partner.requests()).isEqualTo(2));
        } finally {
            partners.forEach(Partner::close);
        }
    }

    /** Ten thousand asks a second cause no more exchanges than the rate allows, one at a time. */
    @Test
    void isNoStormWhenAskedTenThousandTimes() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, ONCE.withAsksPerSecond(10));
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            var unused = node.dial(partner.host);
            node.next(Completed.class);

            long start = System.nanoTime();
            for (int i = 0; i < 10_000; i++) {
                node.handshake.askAgain(partner.host.peerId());
                node.handshake.askAgainAll();
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            Node.eventually("not asked", () -> partner.requests() >= 3);
            Node.eventually("not quiet", () -> Node.get(node.handshake.isQuiet(partner.host.peerId())));

            // The first exchange, ten asks a second, and one at the end for the asks that came while it waited.
            assertThat(partner.requests()).isBetween(3, (int) (10 * (seconds + 1) + 3));
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    /**
     * An exchange for which our own info was read before the ask completes the handshake. Another exchange follows and
     * answers the ask.
     */
    @Test
    void asksAgainAfterAnExchangeThatWasInFlight() throws Exception {
        AtomicReference<NodeInfo> changing = new AtomicReference<>(Node.INFO);
        BlockingQueue<RawStream> asked = new LinkedBlockingQueue<>();
        try (Node node = Node.start(changing::get, ONCE);
                Partner partner = new Partner((self, exchange, number) -> asked.add(exchange))) {
            var unused = node.dial(partner.host);
            RawStream first = asked.poll(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(Node.get(first.received)).isEqualTo(Node.INFO.seal(node.host));

            changing.set(CHANGED);
            node.handshake.askAgain(partner.host.peerId());
            assertThat(Node.get(node.handshake.isQuiet(partner.host.peerId()))).isFalse();
            first.send(partner.envelope()).end();

            node.next(Completed.class);
            RawStream second = asked.poll(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(Node.get(second.received)).isEqualTo(CHANGED.seal(node.host));
            second.send(partner.envelope()).end();
            Node.eventually("not quiet", () -> Node.get(node.handshake.isQuiet(partner.host.peerId())));
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void doesNothingForAPeerThatIsNotThereOrAfterItsEnd() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, ONCE);
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            node.handshake.askAgain(partner.host.peerId());
            node.handshake.askAgainAll();
            assertThat(Node.get(node.handshake.peersKept())).isZero();

            var unused = node.dial(partner.host);
            node.next(Completed.class);
            node.handshake.close();
            node.handshake.askAgain(partner.host.peerId());
            node.handshake.askAgainAll();

            assertThat(Node.get(node.handshake.peersKept())).isZero();
            assertThat(partner.requests()).isEqualTo(1);
        }
    }

    /** The close of the last connection ends the ask. Neither an event nor state remains. */
    @Test
    void endsWithTheLastConnection() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, ONCE);
                Partner partner = new Partner((self, exchange, number) -> {
                    if (number == 0) {
                        Partner.answer(exchange, self.envelope());
                    }
                })) {
            Connection connection = node.dial(partner.host);
            node.next(Completed.class);
            var closing = connection.close();
            node.handshake.askAgain(partner.host.peerId());
            Node.get(closing);

            node.awaitNoPeers();
            assertThat(node.events).isEmpty();

            Connection second = node.dial(partner.host);
            Node.eventually("not asked", () -> partner.requests() >= 2);
            node.handshake.askAgain(partner.host.peerId());
            Node.get(second.close());
            node.awaitNoPeers();
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.ConnectionClosed());
            assertThat(node.events).isEmpty();
        }
    }
}
