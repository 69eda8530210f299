package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;

/** SEC-71, SEC-72: what an application does with its events is its own affair. */
class ApplicationListenerTest {
    private static NodeInfo info(int version) {
        return NodeInfo.of(Node.INFO.networkId(), new Metadata("v" + version, "", "", "0".repeat(32)));
    }

    /** A listener that stays in its first event until it is let go. */
    private static final class Blocked implements Consumer<HandshakeEvent> {
        final CompletableFuture<String> entered = new CompletableFuture<>();
        final CountDownLatch mayGoOn = new CountDownLatch(1);
        final List<HandshakeEvent> told = new CopyOnWriteArrayList<>();

        @Override
        public void accept(HandshakeEvent event) {
            entered.complete(Thread.currentThread().getName());
            try {
                assertThat(mayGoOn.await(Node.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add(event);
        }
    }

    @Test
    void aBlockedListenerHoldsUpNeitherEventLoopsNorThePeerExecutorAndIsToldInOrder() throws Exception {
        Blocked listener = new Blocked();
        try (Node node = Node.start(() -> Node.INFO, Node.NO_HURRY, listener);
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            exchange(partner, connection, info(0));
            String thread = Node.get(listener.entered);

            // The same connection is served on its event loop, and decided on by the peer executor.
            for (int version = 1; version <= 20; version++) {
                exchange(partner, connection, info(version));
            }
            Node.get(connection.ping());
            CompletableFuture<Thread> decided = new CompletableFuture<>();
            node.host.protocolContext().execute(() -> decided.complete(Thread.currentThread()));

            assertThat(Node.get(decided).getName()).isNotEqualTo(thread);
            assertThat(listener.told).isEmpty();
            listener.mayGoOn.countDown();
            Node.eventually("not all told", () -> listener.told.size() == 21);
            assertThat(listener.told.get(0)).isInstanceOf(Completed.class);
            assertThat(listener.told.subList(1, 21))
                    .extracting(event -> ((Updated) event).theirInfo())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 20)
                            .mapToObj(ApplicationListenerTest::info)
                            .toList());
        }
    }

    @Test
    void aListenerThatThrowsIsToldOfWhatComesNext() throws Exception {
        List<HandshakeEvent> told = new CopyOnWriteArrayList<>();
        Consumer<HandshakeEvent> broken = event -> {
            told.add(event);
            throw new IllegalStateException("broken listener (a test)");
        };
        try (Node node = Node.start(() -> Node.INFO, Node.NO_HURRY, broken);
                Host partner = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            exchange(partner, connection, info(0));

            exchange(partner, connection, info(1));

            Node.eventually("not told", () -> told.size() == 2);
            assertThat(told.get(1)).isInstanceOf(Updated.class);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    /** Nothing is dropped: while too many events wait the host takes on nothing new, and what it has goes on. */
    @Test
    void whileTooManyEventsWaitPeersAreAnsweredAndNothingIsDialed() throws Exception {
        Blocked listener = new Blocked();
        HostConfig config = HostConfig.defaults().with(HostConfig.MAX_WAITING_EVENTS, 4);
        try (Node node = Node.start(Host.builder().config(config), () -> Node.INFO, Node.NO_HURRY, listener);
                Host partner = Node.bareHost();
                Node other = Node.start()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            for (int version = 0; version < 8; version++) {
                exchange(partner, connection, info(version));
            }

            assertThatThrownBy(() -> node.dial(other.host)).hasCauseInstanceOf(ConnectionDeniedException.class);
            listener.mayGoOn.countDown();

            Node.eventually("not all told", () -> listener.told.size() == 8);
            Connection dialed = node.dial(other.host);
            assertThat(dialed.isOpen()).isTrue();
            other.next(Completed.class);
        }
    }

    private static void exchange(Host partner, Connection connection, NodeInfo theirs) throws Exception {
        RawStream request = RawStream.open(connection);
        request.send(theirs.seal(partner)).end();
        assertThat(Node.get(request.received)).isNotEmpty();
    }
}
