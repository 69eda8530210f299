package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.CloseCause.Reason;
import org.minip2p.host.HostEvent.ConnectionClosed;
import org.minip2p.host.connections.EstablishedConnection;
import org.minip2p.host.trimming.TrimOrder;
import org.slf4j.simple.CapturedLog;

/** Which peers the host disconnects when there are too many. */
class TrimmingTest {
    private static final Duration GRACE = Duration.ofHours(1);

    private final Hosts hosts = new Hosts();
    private final AtomicLong skipped = new AtomicLong();
    private final List<ConnectionClosed> closed = new CopyOnWriteArrayList<>();
    private final List<Throwable> refused = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    private HostBuilder builder(int high, int low) {
        return Host.builder()
                .config(HostConfig.defaults()
                        .with(HostConfig.TRIM_ABOVE_PEERS, high)
                        .with(HostConfig.TRIM_TO_PEERS, low)
                        .with(HostConfig.TRIM_GRACE, GRACE)
                        .with(HostConfig.IDLE_TIMEOUT, Duration.ZERO)
                        .with(HostConfig.SUPERSEDED_TIMEOUT, Duration.ofHours(1)))
                .listen(Hosts.LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .on(new HostEnvironment().nanoTime(() -> System.nanoTime() + skipped.get()))
                .listener((host, event) -> {
                    if (event instanceof ConnectionClosed end) {
                        closed.add(end);
                    } else if (event instanceof HostEvent.IncomingConnectionFailed failed) {
                        refused.add(failed.error());
                    }
                });
    }

    private Host full(int maxPeers) {
        HostBuilder builder = builder(1_000, 1_000);
        return hosts.start(builder.config(builder.config.with(HostConfig.MAX_PEERS, maxPeers)));
    }

    private void allGrowOld() {
        skipped.addAndGet(GRACE.toNanos());
    }

    /** Starts a peer that dials the host. */
    private Host comesTo(Host host) throws InterruptedException {
        Host peer = hosts.listener();
        await(peer.dial(address(host)));
        awaitTrue("arrived", () -> host.connection(peer.peerId()).isPresent());
        await(host.connection(peer.peerId()).orElseThrow().ping()); // from now on, its age counts
        return peer;
    }

    private static Set<PeerId> peers(Host host) {
        return host.connections().stream()
                .filter(Connection::isOpen)
                .map(Connection::remotePeer)
                .collect(Collectors.toSet());
    }

    private static Set<PeerId> ids(Host... all) {
        return Set.of(all).stream().map(Host::peerId).collect(Collectors.toSet());
    }

    private static ProtocolStream use(Connection connection) {
        return await(connection.openStream(ECHO, stream -> {}));
    }

    @Test
    void atTheHighMarkThosePeersGoThatNobodyNeeds() throws Exception {
        Host host = hosts.start(builder(7, 1));
        Host came = comesTo(host);
        Host dialed = hosts.listener();
        await(host.dial(address(dialed)));
        Host twice = comesTo(host);
        await(host.dial(address(twice), DialOptions.when(DialCondition.ALWAYS)));
        Host secured = comesTo(host);
        host.protect(secured.peerId(), "validator");
        Host leased = comesTo(host);
        Lease lease = host.connection(leased.peerId()).orElseThrow().hold();
        Host asking = comesTo(host);
        use(host.connection(asking.peerId()).orElseThrow());
        Host wanted = comesTo(host);
        KeptConnection kept = host.keepConnected(wanted.peerId());
        awaitTrue("kept", () -> kept.state() instanceof KeptConnection.State.Connected);
        assertThat(closed).isEmpty();
        allGrowOld();

        Host young = comesTo(host);

        awaitTrue("trimmed", () -> peers(host).equals(ids(secured, leased, asking, wanted, young)));
        awaitTrue("told", () -> closed.size() == 4);
        assertThat(closed)
                .allSatisfy(end -> assertThat(end.cause()).isEqualTo(CloseCause.of(Reason.TRIMMED)))
                .extracting(end -> end.connection().remotePeer())
                .containsOnly(came.peerId(), dialed.peerId(), twice.peerId());
        awaitTrue(
                "the peers see it",
                () -> came.connections().isEmpty() && twice.connections().isEmpty());
        lease.close();
    }

    @Test
    void aPeerThatIsTrimmedSeesAGoodEnd() throws Exception {
        Host host = hosts.start(builder(1, 0));
        Host peer = hosts.listener();
        Connection connection = await(peer.dial(address(host)));
        awaitTrue("arrived", () -> !peers(host).isEmpty());
        allGrowOld();

        comesTo(host);

        assertThat(await(connection.closed())).isEqualTo(CloseCause.of(Reason.REMOTE));
    }

    @Test
    void goesNoFurtherThanTheLowMarkAndTakesThoseFirstThatCameAndWereUnusedLongest() throws Exception {
        Host host = hosts.start(builder(4, 3));
        Host dialed = hosts.listener();
        await(host.dial(address(dialed)));
        Host first = comesTo(host);
        Host second = comesTo(host);
        Host third = comesTo(host);
        use(host.connection(first.peerId()).orElseThrow()).reset();
        awaitTrue(
                "first is unused again",
                () -> host.connection(first.peerId())
                        .filter(each -> ((EstablishedConnection) each).isUnused())
                        .isPresent());
        allGrowOld();

        Host young = comesTo(host);

        awaitTrue("trimmed", () -> peers(host).equals(ids(dialed, first, young)));
        assertThat(peers(host)).doesNotContain(second.peerId(), third.peerId());
    }

    @Test
    void theApplicationsOrderDecides() throws Exception {
        List<PeerStanding> seen = new CopyOnWriteArrayList<>();
        Host host = hosts.start(builder(4, 3).trimOrder((one, other) -> {
            seen.add(one);
            seen.add(other);
            return Comparator.comparing(PeerStanding::peer).compare(one, other);
        }));
        List<Host> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            peers.add(comesTo(host));
        }
        allGrowOld();
        comesTo(host);

        Set<PeerId> lowest = peers.stream().map(Host::peerId).sorted().limit(2).collect(Collectors.toSet());
        awaitTrue("trimmed", () -> peers(host).size() == 3);
        assertThat(peers(host)).doesNotContainAnyElementsOf(lowest);
        assertThat(seen).allSatisfy(standing -> {
            assertThat(standing.connectedFor()).isGreaterThanOrEqualTo(GRACE);
            assertThat(standing.unusedFor()).isPositive();
            assertThat(standing.connections()).isOne();
            assertThat(standing.dialed()).isFalse();
        });
    }

    @Test
    void anOrderThatThrowsIsLoggedAndTheDefaultIsUsed() throws Exception {
        try (CapturedLog log = new CapturedLog(TrimOrder.class)) {
            Host host = hosts.start(builder(3, 3).trimOrder((one, other) -> {
                throw new NoClassDefFoundError("a test throws this at " + one + " and " + other);
            }));
            Host first = comesTo(host);
            comesTo(host);
            comesTo(host);
            allGrowOld();
            comesTo(host);

            awaitTrue("trimmed", () -> peers(host).size() == 3);
            assertThat(peers(host)).doesNotContain(first.peerId());
            assertThat(log.lines()).anyMatch(line -> line.startsWith("ERROR") || line.contains("the default is used"));
        }
    }

    @Test
    void triesAgainWhenNobodyCouldGo() throws Exception {
        Host host = hosts.start(builder(2, 1));
        List<ProtocolStream> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            streams.add(use(host.connection(comesTo(host).peerId()).orElseThrow()));
        }
        allGrowOld();
        assertThat(peers(host)).hasSize(3);

        streams.forEach(ProtocolStream::reset);

        awaitTrue("trimmed later", () -> peers(host).size() == 1);
    }

    @Test
    void aFullHouseLetsNobodyElseInAndSaysHowManyThereAre() throws Exception {
        Host host = full(2);
        Host first = comesTo(host);
        Host second = comesTo(host);
        Host late = hosts.listener();

        late.dial(address(host));

        awaitTrue("refused", () -> refused.size() == 1);
        assertThat(refused.get(0)).isInstanceOf(ConnectionDeniedException.class).hasMessageContaining("2 of 2 peers");
        assertThat(peers(host)).isEqualTo(ids(first, second));
        assertThat(failure(host.dial(address(late))))
                .isInstanceOf(DialFailedException.class)
                .hasMessageContaining("2 of 2 peers");
        // One more connection of the same peer is not one more peer.
        assertThat(await(host.dial(address(first), DialOptions.when(DialCondition.ALWAYS)))
                        .remotePeer())
                .isEqualTo(first.peerId());
    }

    @Test
    void aProtectedPeerGetsInAndAnotherOneGoes() throws Exception {
        Host host = full(3);
        Host asking = comesTo(host);
        use(host.connection(asking.peerId()).orElseThrow());
        Host unused = comesTo(host);
        Host secured = comesTo(host);
        host.protect(secured.peerId(), "a");
        Host first = hosts.listener();
        Host second = hosts.listener();
        Host third = hosts.listener();
        for (Host each : List.of(first, second, third)) {
            host.protect(each.peerId(), "b");
        }

        await(first.dial(address(host)));
        awaitTrue("the unused one goes", () -> peers(host).equals(ids(asking, secured, first)));
        awaitTrue("its end is told", () -> closed.size() == 1);
        await(second.dial(address(host)));
        awaitTrue("then the one in use", () -> peers(host).equals(ids(secured, first, second)));
        awaitTrue("told", () -> closed.size() == 2);
        assertThat(closed)
                .allSatisfy(end -> assertThat(end.cause().reason()).isEqualTo(Reason.TRIMMED))
                .extracting(end -> end.connection().remotePeer())
                .containsExactly(unused.peerId(), asking.peerId());

        third.dial(address(host));
        awaitTrue("then nobody", () -> !refused.isEmpty());
        assertThat(refused.get(0)).hasMessageContaining("all of them protected");
        assertThat(peers(host)).isEqualTo(ids(secured, first, second));
    }

    @Test
    void aKeptPeerIsProtectedAsLongAsItIsKept() throws Exception {
        Host host = full(1);
        Host stranger = comesTo(host);
        Host wanted = hosts.listener();
        host.addressBook().add(wanted.peerId(), address(wanted));

        KeptConnection kept = host.keepConnected(wanted.peerId());
        awaitTrue("in its place", () -> peers(host).equals(ids(wanted)));
        assertThat(host.isProtected(wanted.peerId())).isTrue();
        assertThat(host.unprotect(wanted.peerId(), "anything")).isFalse();

        kept.close();
        awaitTrue("no more", () -> !host.isProtected(wanted.peerId()));
        assertThat(peers(host)).doesNotContain(stranger.peerId());
    }

    @Test
    void aProtectedPeerGetsInWhenThereAreNoSocketsLeftAndTakesThePlaceOfOneOnly() throws Exception {
        HostBuilder builder = builder(1_000, 1_000);
        Host host = hosts.start(builder.config(builder.config.with(HostConfig.MAX_CONNECTIONS, 4)));
        for (int i = 0; i < 4; i++) {
            comesTo(host);
        }
        Host late = hosts.listener();
        failure(late.dial(address(host)));
        awaitTrue("refused at the door", () -> refused.size() == 1);
        Host first = hosts.listener();
        Host second = hosts.listener();
        host.protect(first.peerId(), "a");
        host.protect(second.peerId(), "a");

        await(first.dial(address(host)));
        await(second.dial(address(host)));

        awaitTrue("both in", () -> peers(host).containsAll(ids(first, second)));
        awaitTrue("and two gone", () -> closed.size() == 2);
        assertThat(peers(host)).hasSize(4);
        late.dial(address(host));
        awaitTrue("refused when it is known", () -> refused.size() == 2);
        assertThat(refused.get(1)).isInstanceOf(ConnectionDeniedException.class);
        assertThat(peers(host)).hasSize(4).containsAll(ids(first, second));
        awaitTrue("no socket more than there may be", () -> Hosts.limits(host).total() <= 4);
    }

    @Test
    void whoIsLeavingForOneMakesRoomForNobodyElseAndIsCounted() throws Exception {
        HostBuilder builder = builder(1_000, 1_000).handle("/wait/1", HALF_OPEN, stream -> {});
        Host host = hosts.start(builder.config(builder.config
                .with(HostConfig.MAX_CONNECTIONS, 3)
                .with(HostConfig.DRAIN_TIMEOUT, Duration.ofMinutes(1))));
        List<Host> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Host peer = comesTo(host);
            ProtocolStream stream = await(peer.connections().get(0).openStream(new ProtocolId("/wait/1"), each -> {}));
            stream.channel().writeAndFlush(Unpooled.copiedBuffer(new byte[1]));
            awaitTrue(
                    "in use",
                    () -> !((EstablishedConnection)
                                    host.connection(peer.peerId()).orElseThrow())
                            .isUnused());
            waiting.add(peer);
        }
        Host first = hosts.listener();
        Host second = hosts.listener();
        host.protect(first.peerId(), "a");
        host.protect(second.peerId(), "a");
        await(first.dial(address(host)));
        awaitTrue("in, and one is leaving", () -> {
            Set<PeerId> now = peers(host);
            return now.size() == 3 && now.contains(first.peerId());
        });
        assertThat(Hosts.limits(host).total()).isEqualTo(4);
        Host stays = waiting.stream()
                .filter(peer -> peers(host).contains(peer.peerId()))
                .findFirst()
                .orElseThrow();
        Host goes = waiting.stream()
                .filter(peer -> peer != stays && peers(host).contains(peer.peerId()))
                .findFirst()
                .orElseThrow();
        await(goes.closeAsync());
        awaitTrue("and another has left", () -> Hosts.limits(host).total() == 3);

        await(second.dial(address(host)));

        awaitTrue("in", () -> peers(host).equals(ids(first, second, stays)));
        waiting.forEach(Host::closeAsync);
    }

    @Test
    void reasonsToProtectCountEach() {
        Host host = hosts.dialer();
        PeerId peer = hosts.dialer().peerId();
        host.protect(peer, "a");
        host.protect(peer, "a");
        host.protect(peer, "b");

        assertThat(host.unprotect(peer, "a")).isTrue();
        assertThat(host.unprotect(peer, "a")).isFalse();
        assertThat(host.isProtected(peer)).isTrue();
        assertThat(host.unprotect(peer, "b")).isTrue();
        assertThat(host.isProtected(peer)).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNullAndDoesNoHarmWhenTheHostIsClosed() {
        Host host = hosts.dialer();
        PeerId peer = hosts.dialer().peerId();
        assertThatThrownBy(() -> host.protect(null, "a")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> host.protect(peer, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> host.unprotect(peer, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> host.isProtected(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().trimOrder(null)).isInstanceOf(NullPointerException.class);
        assertThat(host.isProtected(peer)).isFalse();

        await(host.closeAsync());
        host.protect(peer, "a");
        assertThat(host.unprotect(peer, "a")).isTrue();
    }
}
