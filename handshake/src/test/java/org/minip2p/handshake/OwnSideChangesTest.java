package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.AbstractSet;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.minip2p.core.testing.Conforms;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Failed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

/** What the application says about our side changes, or the application fails or blocks. */
class OwnSideChangesTest {
    private static final String OLD = Node.OTHER_NETWORK.networkId();
    private static final String NEW = Node.INFO.networkId();
    private static final HandshakeOptions ONCE = Node.NO_HURRY.withRepeatAfter(Duration.ZERO);

    @Test
    @Conforms({"NIF-34", "NIF-35"})
    void acceptsAPeerOfAnotherNetworkThatIsAccepted() throws Exception {
        HandshakeOptions options = ONCE.withAcceptedNetworks(() -> Set.of(OLD, NEW));
        try (Node node = Node.start(() -> Node.INFO, options);
                Node other = Node.start(() -> Node.OTHER_NETWORK, options)) {
            Connection connection = node.dial(other.host);

            assertThat(node.next(Completed.class).theirInfo().networkId()).isEqualTo(OLD);
            assertThat(other.next(Completed.class).theirInfo().networkId()).isEqualTo(NEW);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    @Conforms("NIF-34")
    void namesAllThatWasAcceptedWhenItRefuses() throws Exception {
        HandshakeOptions options = ONCE.withAcceptedNetworks(() -> Set.of("0x3", NEW, "0x2"));
        try (Node node = Node.start(() -> Node.INFO, options);
                Node other = Node.start(() -> Node.OTHER_NETWORK, ONCE)) {
            var unused = node.dial(other.host);

            FailureReason reason = node.nextFailure();
            assertThat(reason).isEqualTo(new FailureReason.NetworkMismatch(Set.of(NEW, "0x2", "0x3"), OLD));
            assertThat(reason).hasToString("NetworkMismatch[accepted=[0x00000502, 0x2, 0x3], theirs=0x00000001]");
        }
    }

    /**
     * The accepted networks change while a response is in flight. The response is checked against those of the time
     * when it is read.
     */
    @Test
    @Conforms("NIF-34")
    void judgesAResponseByWhatIsAcceptedWhenItIsRead() throws Exception {
        AtomicReference<Set<String>> accepted = new AtomicReference<>(Set.of(NEW));
        CompletableFuture<RawStream> asked = new CompletableFuture<>();
        try (Node node = Node.start(() -> Node.INFO, ONCE.withAcceptedNetworks(accepted::get));
                Partner partner = new Partner((self, exchange, number) -> asked.complete(exchange))) {
            var unused = node.dial(partner.host);
            RawStream exchange = Node.get(asked);
            assertThat(Node.get(exchange.received)).isNotEmpty();

            accepted.set(Set.of(OLD));
            exchange.send(Node.OTHER_NETWORK.seal(partner.host)).end();

            assertThat(node.next(Completed.class).theirInfo()).isEqualTo(Node.OTHER_NETWORK);
        }
    }

    @Test
    @Conforms("NIF-34")
    void acceptsItsOwnNetworkOfTheMomentOfReadingWhenNothingElseIsSaid() throws Exception {
        AtomicReference<NodeInfo> own = new AtomicReference<>(Node.OTHER_NETWORK);
        CompletableFuture<RawStream> asked = new CompletableFuture<>();
        try (Node node = Node.start(own::get, ONCE);
                Partner partner = new Partner((self, exchange, number) -> asked.complete(exchange))) {
            var unused = node.dial(partner.host);
            RawStream exchange = Node.get(asked);
            assertThat(Node.get(exchange.received)).isNotEmpty();

            own.set(Node.INFO);
            exchange.send(partner.envelope()).end();

            assertThat(node.next(Completed.class).theirInfo()).isEqualTo(Node.INFO);
        }
    }

    @Test
    @Conforms("NIF-37")
    void judgesTheNextConnectionAnewAfterAMismatch() throws Exception {
        AtomicReference<NodeInfo> theirs = new AtomicReference<>(Node.OTHER_NETWORK);
        try (Node node = Node.start(() -> Node.INFO, ONCE);
                Node other = Node.start(theirs::get, ONCE)) {
            for (int i = 0; i < 3; i++) {
                Connection refused = node.dial(other.host);
                assertThat(node.nextFailure()).isInstanceOf(FailureReason.NetworkMismatch.class);
                Node.get(refused.closed());
                node.awaitNoPeers();
                other.awaitNoPeers();
            }

            theirs.set(Node.INFO);
            var unused = node.dial(other.host);

            node.next(Completed.class);
        }
    }

    /** Our info is read once for each request. It serves for the check and for the answer. */
    @Test
    void answersARequestWithWhatItWasJudgedBy() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Supplier<NodeInfo> changing = () -> calls.getAndIncrement() == 0 ? Node.INFO : Node.OTHER_NETWORK;
        try (Node node = Node.start(changing, ONCE);
                Host partner = Node.bareHost()) {
            RawStream request = RawStream.open(Node.get(Node.startDialing(partner, node.host)));
            request.send(Node.INFO.seal(partner)).end();

            assertThat(Node.get(request.received)).isEqualTo(Node.INFO.seal(node.host));
            assertThat(node.next(Completed.class).theirInfo()).isEqualTo(Node.INFO);
        }
    }

    /**
     * A set of accepted networks that the application should not supply.
     *
     * @param name shown as the name of the test
     */
    record Bad(String name, Supplier<Set<String>> accepted) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Bad> BAD = List.of(
            new Bad("empty", Set::of),
            new Bad("null", OwnSideChangesTest::nothing),
            new Bad("an exception", () -> {
                throw new IllegalStateException("not known yet");
            }),
            new Bad("an error", () -> {
                throw new NoClassDefFoundError("Networks");
            }),
            new Bad("changing while it is read", Changing::new));

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    /** A set that another thread changes while it is read. */
    private static final class Changing extends AbstractSet<String> {
        @Override
        public Iterator<String> iterator() {
            throw new ConcurrentModificationException();
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /** Our own fault: no peer is refused for it and no connection is closed. A request is reset. */
    @ParameterizedTest
    @FieldSource("BAD")
    @Conforms("NIF-34")
    void failsTheExchangeAloneWhenTheAcceptedNetworksAreNone(Bad bad) throws Exception {
        AtomicReference<Supplier<Set<String>>> accepted = new AtomicReference<>(bad.accepted);
        HandshakeOptions options = ONCE.withAcceptedNetworks(
                () -> Objects.requireNonNull(accepted.get()).get());
        try (Node node = Node.start(() -> Node.INFO, options);
                Node other = Node.start(() -> Node.INFO, ONCE)) {
            Connection connection = node.dial(other.host);
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.LocalFault());
            assertThat(connection.isOpen()).isTrue();

            accepted.set(() -> Set.of(NEW));
            node.handshake.askAgain(other.id());
            node.next(Completed.class);
        }
    }

    /**
     * Application code that does not return makes the exchanges that wait for it fail at their deadlines. The host and
     * its other protocols keep working. The handshake works again when the code returns.
     */
    @Test
    void goesOnWhenTheApplicationBlocks() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Supplier<NodeInfo> blocking = () -> {
            awaitUninterruptibly(mayGoOn);
            return Node.INFO;
        };
        HandshakeOptions hurried = ONCE.withExchangeDeadline(Duration.ofSeconds(1));
        try (Node node = Node.start(blocking, hurried);
                Node other = Node.start(() -> Node.INFO, ONCE);
                Host partner = Node.bareHost()) {
            Connection asking = node.dial(other.host);
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.LocalFault());
            assertThat(asking.isOpen()).isTrue();

            RawStream request = RawStream.open(Node.get(Node.startDialing(partner, node.host)));
            request.send(Node.INFO.seal(partner)).end();
            assertThatThrownBy(() -> Node.get(request.received)).isNotNull();
            assertThat(Node.get(asking.ping())).isPositive();
            assertThat(Node.get(node.handshake.questionsWaiting())).isZero();

            mayGoOn.countDown();
            node.handshake.askAgain(other.id());
            node.next(Completed.class);
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

    /**
     * A whole fork, with a clock of its own at each end. Neither end refuses the other until the window is over. Then a
     * peer that stayed behind is reported and its connection is closed.
     */
    @Test
    @Conforms({"NIF-35", "NIF-36"})
    void passesAForkWithAPeerThatIsLate() throws Exception {
        AtomicReference<NodeInfo> ours = new AtomicReference<>(Node.OTHER_NETWORK);
        AtomicReference<NodeInfo> theirs = new AtomicReference<>(Node.OTHER_NETWORK);
        AtomicReference<Set<String>> accepted = new AtomicReference<>(Set.of(OLD, NEW));
        HandshakeOptions options = ONCE.withAcceptedNetworks(accepted::get);
        try (Node node = Node.start(ours::get, options);
                Node late = Node.start(theirs::get, options);
                Node behind = Node.start(() -> Node.OTHER_NETWORK, options)) {
            ours.set(Node.INFO);
            Connection toLate = node.dial(late.host);
            assertThat(node.next(Completed.class).theirInfo()).isEqualTo(Node.OTHER_NETWORK);
            Connection toBehind = node.dial(behind.host);
            node.next(Completed.class);

            theirs.set(Node.INFO);
            accepted.set(Set.of(NEW));
            node.handshake.askAgainAll();

            List<HandshakeEvent> told = List.of(node.next(HandshakeEvent.class), node.next(HandshakeEvent.class));
            assertThat(told)
                    .filteredOn(Updated.class::isInstance)
                    .singleElement()
                    .isEqualTo(new Updated(late.id(), Node.INFO, toLate.id()));
            assertThat(told)
                    .filteredOn(Failed.class::isInstance)
                    .singleElement()
                    .isEqualTo(new Failed(
                            behind.id(), toBehind.id(), true, new FailureReason.NetworkMismatch(Set.of(NEW), OLD)));
            Node.eventually(
                    "not closed", () -> node.host.connections(behind.id()).isEmpty());
            assertThat(node.host.connections(late.id())).hasSize(1);
        }
    }
}
