package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Role;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;

/**
 * The second exchange, for a peer that served the first one before it began to wait for one. An SSV node in Go may do
 * so.
 */
class RepeatTest {
    private static final HandshakeOptions SOON = Node.NO_HURRY.withRepeatAfter(Duration.ofMillis(50));

    /** Long enough for a third exchange to appear. */
    private static final Duration A_WHILE = Duration.ofMillis(500);

    @Test
    void asksOnceMoreAndTellsNothingOfIt() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, SOON);
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            var unused = node.dial(partner.host);

            node.next(Completed.class);
            Node.eventually("no second request", () -> partner.requests() == 2);
            pass(node, A_WHILE);

            assertThat(partner.requests()).isEqualTo(2);
            node.disconnect();
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    void tellsWhatTheSecondExchangeBrings() throws Exception {
        NodeInfo other = NodeInfo.of(Node.INFO.networkId(), new Metadata("v2", "", "", "f".repeat(32)));
        try (Node node = Node.start(() -> Node.INFO, SOON);
                Partner partner = new Partner((self, exchange, number) ->
                        Partner.answer(exchange, number == 0 ? self.envelope() : other.seal(self.host)))) {
            var unused = node.dial(partner.host);

            node.next(Completed.class);

            assertThat(node.next(Updated.class).theirInfo()).isEqualTo(other);
        }
    }

    @Test
    void triesTwiceMoreWhenTheSecondExchangeIsResetAndTellsNothing() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, SOON);
                Partner partner = new Partner((self, exchange, number) -> {
                    if (number == 0) {
                        Partner.answer(exchange, self.envelope());
                    } else {
                        exchange.stream().reset();
                    }
                })) {
            Connection connection = node.dial(partner.host);
            node.next(Completed.class);

            Node.eventually("not tried three times", () -> partner.requests() == 4);
            pass(node, A_WHILE);

            assertThat(connection.isOpen()).isTrue();
            assertThat(Node.get(node.handshake.isCovered(partner.host.peerId())))
                    .isTrue();
            assertThat(partner.requests()).isEqualTo(4);
            assertThat(node.events).isEmpty();
        }
    }

    /**
     * The peer waits for a request on any connection, since the connection of the first exchange may have been a
     * duplicate. When that connection closes, the peer is no longer covered, and the handshake asks on the other one.
     */
    @Test
    void asksOnTheConnectionThatIsLeft() throws Exception {
        asksOnTheConnectionThatIsLeft(Duration.ofSeconds(1), asked -> {});
    }

    @Test
    void asksAgainWhenTheConnectionClosesUnderTheSecondExchange() throws Exception {
        asksOnTheConnectionThatIsLeft(
                Duration.ofMillis(50), asked -> Node.eventually("no second request", () -> asked.size() == 2));
    }

    private interface Meanwhile {
        void pass(List<Connection> asked) throws Exception;
    }

    /**
     * On the outbound connection, the partner answers only the first exchange. So a repeat there ends with the
     * connection.
     */
    private static void asksOnTheConnectionThatIsLeft(Duration repeatAfter, Meanwhile beforeTheOther) throws Exception {
        List<Connection> asked = new CopyOnWriteArrayList<>();
        HandshakeOptions options = Node.NO_HURRY.withRepeatAfter(repeatAfter).withWaitForPeer(A_WHILE);
        try (Node node = Node.start(() -> Node.INFO, options);
                Partner partner = new Partner((self, exchange, number) -> {
                    Connection on = exchange.stream().connection();
                    asked.add(on);
                    if (number == 0 || on.role() == Role.INITIATOR) {
                        Partner.answer(exchange, self.envelope());
                    }
                })) {
            Connection outbound = node.dial(partner.host);
            node.next(Completed.class);
            beforeTheOther.pass(asked);
            Connection inbound = Node.get(Node.startDialing(partner.host, node.host));
            Node.eventually("not connected twice", () -> node.host.connections().size() == 2);

            var unused = Node.get(outbound.close());

            Node.eventually("no request on the other connection", () -> asked.contains(inbound));
            assertThat(node.events).isEmpty();
        }
    }

    /** The peer may have lost the connection on which it asked before it began to wait on the next one. */
    @Test
    void asksAPeerAgainThatHasAsked() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, SOON);
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            Connection connection = Node.get(Node.startDialing(partner.host, node.host));
            RawStream request =
                    RawStream.open(connection).send(partner.envelope()).end();
            assertThat(Node.get(request.received)).isNotEmpty();
            node.next(Completed.class);

            var unused = node.dial(partner.host);
            Node.eventually("no repeat", () -> partner.requests() == 2);
            pass(node, A_WHILE);

            assertThat(partner.requests()).isEqualTo(2);
            assertThat(node.events).isEmpty();
        }
    }

    @Test
    void asksOnceWhenTheApplicationWantsNoRepeat() throws Exception {
        try (Node node = Node.start(() -> Node.INFO, Node.NO_HURRY.withRepeatAfter(Duration.ZERO));
                Partner partner = new Partner((self, exchange, number) -> Partner.answer(exchange, self.envelope()))) {
            var unused = node.dial(partner.host);
            node.next(Completed.class);

            pass(node, A_WHILE);

            assertThat(partner.requests()).isEqualTo(1);
        }
    }

    /** Lets time go by on the executor on which repeats are started. */
    private static void pass(Node node, Duration time) throws Exception {
        node.host.protocolContext().schedule(time, () -> {}).get();
    }
}
