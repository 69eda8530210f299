package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;

/** SEC-71, SEC-72: an application that is slow to handle its events, or never does, harms only itself. */
class ApplicationListenerTest {
    private static NodeInfo info(int version) {
        return NodeInfo.of(Node.INFO.networkId(), new Metadata("v" + version, "", "", "0".repeat(32)));
    }

    /** A listener that blocks in its first event until the test releases it. */
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

            // The connection's event loop still answers, and the peer executor still decides.
            for (int version = 1; version <= 20; version++) {
                exchange(partner, connection, info(version));
            }
            Node.get(connection.ping());
            CompletableFuture<Thread> decided = new CompletableFuture<>();
            node.host.protocolContext().execute(() -> decided.complete(Thread.currentThread()));

            assertThat(Node.get(decided).getName()).isNotEqualTo(thread);
            assertThat(listener.told).isEmpty();
            listener.mayGoOn.countDown();
            exchange(partner, connection, info(21));
            Node.eventually("the latest is not told", () -> listener.told.size() >= 2 && isLast(listener, info(21)));
            assertThat(listener.told.get(0)).isInstanceOf(Completed.class);
            // SEC-H3: only the latest of the events that waited, and perhaps one that came while it was being told.
            assertThat(listener.told).hasSizeLessThanOrEqualTo(3);
            assertThat(((Updated) listener.told.get(1)).theirInfo()).isIn(info(20), info(21));
        }
    }

    private static boolean isLast(Blocked listener, NodeInfo theirs) {
        return listener.told.get(listener.told.size() - 1) instanceof Updated last
                && last.theirInfo().equals(theirs);
    }

    // SEC-H3
    @Test
    void aPeerThatAsksWithoutEndIsRefusedAndAnotherOneIsServed() throws Exception {
        try (Node node = Node.start();
                Host partner = Node.bareHost();
                Host bystander = Node.bareHost()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            byte[] request = info(0).seal(partner);
            int answered = 0;
            int refused = 0;
            for (int i = 0; i < 110; i++) {
                RawStream stream = RawStream.open(connection).send(request).end();
                try {
                    assertThat(Node.get(stream.received)).isNotEmpty();
                    answered++;
                } catch (ExecutionException reset) {
                    refused++;
                }
            }

            assertThat(answered).isGreaterThanOrEqualTo(100);
            assertThat(refused).as("more than a hundred in ten seconds").isPositive();
            assertThat(connection.isOpen()).isTrue();
            exchange(bystander, Node.get(Node.startDialing(bystander, node.host)), info(1));
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

    /** Nothing is dropped. While too many events wait, the host starts nothing new, and existing connections go on. */
    @Test
    void whileTooManyEventsWaitPeersAreAnsweredAndNothingIsDialed() throws Exception {
        Blocked listener = new Blocked();
        HostConfig config = HostConfig.defaults().with(HostConfig.MAX_WAITING_EVENTS, 2);
        try (Node node = Node.start(Host.builder().config(config), () -> Node.INFO, Node.NO_HURRY, listener);
                Host partner = Node.bareHost();
                Node other = Node.start()) {
            Connection connection = Node.get(Node.startDialing(partner, node.host));
            for (int version = 0; version < 8; version++) {
                exchange(partner, connection, info(version));
            }

            assertThatThrownBy(() -> node.dial(other.host)).hasCauseInstanceOf(ConnectionDeniedException.class);
            for (int version = 0; version < 8; version++) {
                exchange(partner, connection, info(version));
            }
            assertThat(node.host.figures().queues().events())
                    .as("only the event that is being told, and the latest one")
                    .isEqualTo(2);
            assertThat(node.host.figures().queues().eventBytes()).isLessThan(16_384);
            listener.mayGoOn.countDown();

            Node.eventually("the latest is not told", () -> listener.told.size() == 2 && isLast(listener, info(7)));
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
