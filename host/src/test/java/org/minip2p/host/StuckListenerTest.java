package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.PeerId;

/** A listener that blocks or is slow affects the peer of its event, and no other peer. */
class StuckListenerTest {
    /** Long enough for a listener that does return, even on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Hosts hosts = new Hosts();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Set<PeerId> blocking = ConcurrentHashMap.newKeySet();
    private final Map<PeerId, List<String>> told = new ConcurrentHashMap<>();

    @AfterEach
    void closeHosts() {
        release.countDown();
        hosts.close();
    }

    private void listen(Host host, HostEvent event) {
        PeerId peer;
        if (event instanceof HostEvent.ConnectionEstablished e) {
            peer = e.connection().remotePeer();
        } else if (event instanceof HostEvent.ConnectionClosed e) {
            peer = e.connection().remotePeer();
        } else {
            return;
        }
        if (blocking.contains(peer)) {
            awaitQuietly(release);
        }
        toldOf(peer).add(event.getClass().getSimpleName());
    }

    private List<String> toldOf(PeerId peer) {
        return told.computeIfAbsent(peer, key -> new CopyOnWriteArrayList<>());
    }

    /** Connects the two hosts, and returns the server's end of the connection. */
    private static Connection connect(Host client, Host server) throws InterruptedException {
        await(client.dial(address(server)));
        Hosts.awaitTrue(
                "it is there", () -> !server.connections(client.peerId()).isEmpty());
        return server.connections(client.peerId()).get(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** There are more such peers than the application has threads. */
    // SEC-H26
    @Test
    void theConnectionsOfPeersWhoseListenerDoesNotReturnAreClosedAndOthersAreToldOf() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.LISTENER_TIMEOUT, PATIENCE);
        Host server = hosts.start(Host.builder().listen(LOOPBACK).config(config).listener(this::listen));
        List<Host> stuck = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Host client = hosts.dialer();
            blocking.add(client.peerId());
            stuck.add(client);
            connections.add(connect(client, server));
        }

        Host other = hosts.dialer();
        Connection good = await(other.dial(address(server)));

        for (Connection connection : connections) {
            assertThat(await(connection.closed()).reason()).isEqualTo(CloseCause.Reason.LISTENER_STUCK);
        }
        Hosts.awaitTrue("others are told of", () -> toldOf(other.peerId()).equals(List.of("ConnectionEstablished")));
        assertThat(good.isOpen()).isTrue();
        assertThat(await(stuck.get(0).dial(address(server)).thenCompose(Connection::closed)))
                .as("the end of a new connection, because the peer is kept out")
                .isNotNull();
        assertThat(server.connections(stuck.get(0).peerId())).isEmpty();

        blocking.clear();
        release.countDown();

        for (Host client : stuck) {
            Hosts.awaitTrue(
                    "what followed is told when it returns",
                    () -> toldOf(client.peerId()).equals(List.of("ConnectionEstablished", "ConnectionClosed")));
            await(client.dial(address(server)));
            Hosts.awaitTrue("it is let in again", () -> toldOf(client.peerId()).size() == 3);
        }
    }

    /**
     * The host cannot help if an executor of the application has no thread left. But connections do not depend on it.
     */
    // SEC-H26
    @Test
    void anExecutorOfTheApplicationWithoutAThreadLeftCostsOnePeer() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        HostConfig config = HostConfig.defaults().with(HostConfig.LISTENER_TIMEOUT, PATIENCE);
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .config(config)
                .applicationExecutor(single)
                .listener(this::listen));
        Host client = hosts.dialer();
        blocking.add(client.peerId());
        Connection stuck = connect(client, server);
        Connection good = await(hosts.dialer().dial(address(server)));

        assertThat(await(stuck.closed()).reason()).isEqualTo(CloseCause.Reason.LISTENER_STUCK);
        assertThat(await(good.ping())).isPositive();
        release.countDown();
        Hosts.awaitTrue(
                "all are told",
                () -> told.values().stream().mapToInt(List::size).sum() == 3);
        single.shutdown();
        assertThat(single.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    // SEC-H3
    @Test
    void aPeerOfWhomTooMuchWaitsToBeToldIsKeptOutAndAnotherOneIsNot() throws Exception {
        Executor application = Executors.newSingleThreadExecutor();
        HostConfig config = HostConfig.defaults().with(HostConfig.MAX_WAITING_EVENTS, 64);
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .config(config)
                .applicationExecutor(application)
                .listener(this::listen));
        Host busy = hosts.dialer();
        blocking.add(busy.peerId());
        for (int i = 0; i < 8; i++) {
            await(connect(busy, server).close());
            Hosts.awaitTrue("it is gone", () -> server.connections().isEmpty());
        }

        Connection refused = await(busy.dial(address(server)));
        assertThat(await(refused.closed())).isNotNull();
        assertThat(server.connections(busy.peerId())).isEmpty();
        Connection other = await(hosts.dialer().dial(address(server)));
        assertThat(await(other.ping())).isPositive();

        release.countDown();
        Hosts.awaitTrue("all are told", () -> toldOf(busy.peerId()).size() == 16);
        await(busy.dial(address(server)));
        Hosts.awaitTrue("it is there again", () -> toldOf(busy.peerId()).size() == 17);
        ((ExecutorService) application).shutdown();
    }
}
