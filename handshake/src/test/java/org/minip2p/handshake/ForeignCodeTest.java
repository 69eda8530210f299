package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Thrown;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;

/** SEC-H26: suppliers and filters that never return, or throw anything, fail only the exchanges that call them. */
class ForeignCodeTest {
    private final CountDownLatch release = new CountDownLatch(1);

    private void block() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Node node(NodeInfoFilter filter) throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.LISTENER_TIMEOUT, Duration.ofSeconds(6));
        HandshakeOptions options =
                Node.NO_HURRY.withExchangeDeadline(Duration.ofSeconds(2)).withFilters(List.of(filter));
        return Node.start(Host.builder().config(config), () -> Node.INFO, options, event -> {});
    }

    private static void assertNoAnswer(Host partner, Connection connection) throws Exception {
        RawStream request = RawStream.open(connection);
        request.send(Node.INFO.seal(partner)).end();
        assertThatThrownBy(() -> Node.get(request.received)).isInstanceOf(ExecutionException.class);
    }

    private static void complete(Host partner, Connection connection) throws Exception {
        RawStream request = RawStream.open(connection);
        request.send(Node.INFO.seal(partner)).end();
        assertThat(Node.get(request.received)).isNotEmpty();
    }

    @Test
    void aFilterThatDoesNotReturnFailsItsExchangeAndThenCostsThatPeerItsConnections() throws Exception {
        CompletableFuture<PeerId> stuck = new CompletableFuture<>();
        NodeInfoFilter filter = (peer, theirs) -> {
            if (peer.equals(stuck.getNow(null))) {
                block();
            }
            return Optional.empty();
        };
        try (Node node = node(filter);
                Host partner = Node.bareHost();
                Host bystander = Node.bareHost()) {
            stuck.complete(partner.peerId());
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            Node.eventually("no connection", () -> !node.host.connections().isEmpty());
            Connection theirs = node.host.connections(partner.peerId()).get(0);

            assertNoAnswer(partner, connection);

            assertThat(Node.get(connection.ping())).as("its event loop works").isPositive();
            complete(bystander, Node.get(Node.startDialing(bystander, node.host)));
            assertThat(node.next(Completed.class).peerId()).isEqualTo(bystander.peerId());
            assertThat(Node.get(theirs.closed()).reason()).isEqualTo(CloseCause.Reason.LISTENER_STUCK);
            assertThat(node.host.connections(bystander.peerId())).hasSize(1);
            release.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {NoClassDefFoundError.class, IOException.class, IllegalStateException.class})
    void whateverAFilterThrowsFailsItsExchangeAlone(Class<? extends Throwable> type) throws Exception {
        CompletableFuture<PeerId> broken = new CompletableFuture<>();
        NodeInfoFilter filter = (peer, theirs) -> {
            if (peer.equals(broken.getNow(null))) {
                throw Thrown.undeclared(type);
            }
            return Optional.empty();
        };
        try (Node node = node(filter);
                Host partner = Node.bareHost();
                Host bystander = Node.bareHost()) {
            broken.complete(partner.peerId());
            Connection connection = Node.get(Node.startDialing(partner, node.host));

            assertNoAnswer(partner, connection);

            assertThat(connection.isOpen()).isTrue();
            complete(bystander, Node.get(Node.startDialing(bystander, node.host)));
            assertThat(node.next(Completed.class).peerId()).isEqualTo(bystander.peerId());
        }
    }

    @Test
    void aSupplierThatDoesNotReturnFailsExchangesAtTheirDeadlineUntilItDoes() throws Exception {
        CompletableFuture<Boolean> isStuck = new CompletableFuture<>();
        Supplier<NodeInfo> supplier = () -> {
            if (isStuck.getNow(true)) {
                block();
            }
            return Node.INFO;
        };
        HandshakeOptions options = Node.NO_HURRY.withExchangeDeadline(Duration.ofSeconds(1));
        try (Node node = Node.start(supplier, options);
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            assertNoAnswer(partner, connection);
            assertNoAnswer(partner, connection);

            isStuck.complete(false);
            release.countDown();

            Node.eventually("it is asked again", () -> Node.get(node.handshake.questionsWaiting()) == 0);
            complete(partner, connection);
            assertThat(node.next(Completed.class).peerId()).isEqualTo(partner.peerId());
        }
    }

    // SEC-H9
    @Test
    void aPeerWhoseSignatureTakesLongToCheckCompletesAndIsRefusedBeyondItsRate() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ECDSA);
        try (Node node = Node.start();
                Host partner =
                        Node.get(Host.builder().eventLoops(1).identity(key).start())) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            complete(partner, connection);
            assertThat(node.next(Completed.class).peerId()).isEqualTo(partner.peerId());

            for (int i = 1; i < 30; i++) {
                complete(partner, connection);
            }
            assertNoAnswer(partner, connection);
            assertThat(connection.isOpen()).isTrue();
        }
    }
}
