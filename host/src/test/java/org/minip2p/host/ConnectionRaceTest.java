package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.limits;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.host.HostEvent.ConnectionClosed;
import org.minip2p.host.HostEvent.ConnectionEstablished;
import org.minip2p.host.Hosts.Recorder;
import org.minip2p.host.Relay.Passage;
import org.minip2p.host.Relay.Then;
import org.minip2p.host.connections.EstablishedConnection;

/** What happens when two things happen to a connection at the same time. */
class ConnectionRaceTest {
    /**
     * The bytes that a dialer sends before it has proved its identity: two lines of multistream-select, and the first
     * message of Noise.
     */
    private static final long UP_TO_THE_LAST_MESSAGE = 20 + 8 + 2 + 32;

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    // SEC-G4, SEC-G6
    @Test
    @Conforms("CON-19")
    void aMutualDialNeverEndsWithoutAConnection() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(100));
        Host one = hosts.listener(config);
        Host other = hosts.listener(config);
        for (int round = 0; round < 100; round++) {
            long delay = ThreadLocalRandom.current().nextLong(1_500);
            CompletableFuture<Connection> there = one.dial(address(other));
            CompletableFuture<Connection> back = new CompletableFuture<>();
            other.threads
                    .peerExecutor()
                    .schedule(
                            () -> other.dial(address(one)).whenComplete((connection, failure) -> {
                                if (failure != null) {
                                    back.completeExceptionally(failure);
                                } else {
                                    back.complete(connection);
                                }
                            }),
                            delay,
                            TimeUnit.MICROSECONDS);

            assertThat(await(there).isOpen()).as("round %d", round).isTrue();
            assertThat(await(back).isOpen()).as("round %d", round).isTrue();
            // In the end, both sides see the same connections, and each of these carries streams.
            awaitTrue(
                    "both agree",
                    () -> limits(one).pending() + limits(other).pending() == 0
                            && one.connections().size() == other.connections().size());
            assertThat(one.connections()).as("round %d", round).hasSizeBetween(1, 2);
            if (round % 20 == 0) {
                assertThat(HostTest.echo(one.connection(other.peerId()).orElseThrow(), new byte[3]))
                        .hasSize(3);
            }
            awaitTrue("none is left", () -> {
                // The host may not have decided on a second connection yet.
                one.connections().forEach(Connection::close);
                return limits(one).total() + limits(other).total() == 0
                        && one.connections().isEmpty()
                        && other.connections().isEmpty();
            });
        }
    }

    /**
     * Each side has as many connections as it may have before it hears of the other side's dials. A host cannot answer
     * a ping on a connection that it has not admitted. The connections that the peer with the lower id dialed stay.
     */
    // SEC-G4
    @Test
    @Timeout(20)
    void twoAndTwoCrossingDialsLeaveTheTwoThatArePreferred() throws Exception {
        Passage untilTheLastMessage = new Passage(UP_TO_THE_LAST_MESSAGE, Relay.ALL, Then.SILENCE);
        Host one = hosts.listener();
        Host other = hosts.listener();
        boolean isOneLower = one.peerId().compareTo(other.peerId()) < 0;
        Host lower = isOneLower ? one : other;
        Host higher = isOneLower ? other : one;
        try (Relay toLower = new Relay(lower, untilTheLastMessage);
                Relay toHigher = new Relay(higher, untilTheLastMessage)) {
            List<Connection> preferred = dialTwice(lower, toHigher.address(higher));
            List<Connection> rivals = dialTwice(higher, toLower.address(lower));

            toHigher.resume();
            toLower.resume();

            for (Connection rival : rivals) {
                assertThat(await(rival.closed()).reason()).isEqualTo(CloseCause.Reason.REMOTE);
            }
            for (Connection connection : preferred) {
                assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
            }
            assertThat(lower.connections()).isEqualTo(preferred);
            awaitTrue("the rivals are gone", () -> higher.connections().size() == 2);
        }
    }

    private static List<Connection> dialTwice(Host host, Multiaddr address) {
        return List.of(await(host.dial(address)), await(host.dial(address, DialOptions.when(DialCondition.ALWAYS))));
    }

    // SEC-G10
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void tellsEachConnectionOnceAndCountsAsAModelDoes(long seed) throws Exception {
        Random random = new Random(seed);
        Queue<HostEvent> events = new ConcurrentLinkedQueue<>();
        AtomicInteger asked = new AtomicInteger();
        HostConfig config = HostConfig.defaults()
                .with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(100))
                .with(HostConfig.MAX_CONNECTIONS_PER_PEER, 4);
        Host server = hosts.start(Host.builder()
                .config(config)
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .gater(new ConnectionGater() {
                    @Override
                    public boolean mayEstablish(PeerId peer, SocketAddress remoteAddress, Role role) {
                        return asked.incrementAndGet() % 3 != 0;
                    }
                }));
        server.protocolContext().observe(IsolationTest.observer(events::add));
        List<Host> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(hosts.start(Host.builder().config(config)));
        }
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int step = 0; step < 80; step++) {
            Host client = clients.get(random.nextInt(clients.size()));
            List<Connection> open = client.connections();
            if (open.isEmpty() || random.nextInt(3) > 0) {
                all.add(client.dial(address(server), DialOptions.when(DialCondition.ALWAYS))
                        .handle((connection, failure) -> null));
            } else if (random.nextBoolean()) {
                all.add(open.get(random.nextInt(open.size())).close());
            } else {
                server.connections().stream().findAny().ifPresent(connection -> all.add(connection.close()));
            }
            if (step % 10 == 0) {
                all.forEach(Hosts::await);
            }
        }
        all.forEach(Hosts::await);
        awaitTrue("all are gone", () -> {
            // The dialer is done before the listener has decided, so more connections may still arrive.
            server.connections().forEach(Connection::close);
            return limits(server).total() == 0 && server.connections().isEmpty();
        });
        await(CompletableFuture.runAsync(() -> {}, server.threads.peerExecutor()));

        Map<PeerId, Integer> model = new HashMap<>();
        Set<Long> opened = new HashSet<>();
        Set<Long> closed = new HashSet<>();
        for (HostEvent event : events) {
            if (event instanceof ConnectionEstablished e) {
                PeerId peer = e.connection().remotePeer();
                assertThat(opened.add(e.connection().id())).isTrue();
                assertThat(e.otherEstablished()).isEqualTo(model.getOrDefault(peer, 0));
                assertThat(e.numEstablished()).isEqualTo(model.merge(peer, 1, Integer::sum));
            } else if (event instanceof ConnectionClosed e) {
                PeerId peer = e.connection().remotePeer();
                assertThat(opened).contains(e.connection().id());
                assertThat(closed.add(e.connection().id())).isTrue();
                assertThat(e.numEstablished()).isEqualTo(model.merge(peer, -1, Integer::sum));
            }
        }
        assertThat(closed).isEqualTo(opened).hasSizeGreaterThan(20);
        assertThat(model.values()).containsOnly(0);
    }

    // SEC-G11
    @Test
    void countsIdleTimeFromTheMomentTheConnectionIsThere() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ofSeconds(2));
        Recorder recorder = new Recorder();
        Host server = hosts.start(Host.builder()
                .config(config)
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, Hosts::echo)
                .listener(recorder));
        Host client = hosts.dialer();
        // When message 3 arrives, the peer executor is busy for longer than a connection may be idle.
        long busyUntil = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        server.threads.peerExecutor().execute(() -> {
            while (System.nanoTime() < busyUntil) {
                Thread.onSpinWait();
            }
        });

        Connection connection = await(client.dial(address(server)));
        recorder.next(ConnectionEstablished.class);

        assertThat(HostTest.echo(connection, new byte[3])).hasSize(3);
        assertThat(recorder.next(ConnectionClosed.class).cause().reason()).isEqualTo(CloseCause.Reason.IDLE);
    }

    // SEC-G11
    @Test
    void takesANegotiatingStreamForUse() throws Exception {
        HostConfig config = HostConfig.defaults().with(HostConfig.IDLE_TIMEOUT, Duration.ofSeconds(1));
        Host server = hosts.listener();
        Host client = hosts.start(Host.builder().config(config));
        try (Relay relay = new Relay(server, new Passage(Relay.ALL, 260, Then.SILENCE))) {
            Connection connection = await(client.dial(relay.address(server)));
            CompletableFuture<ProtocolStream> stream = connection.openStream(
                    List.of(new org.minip2p.core.ProtocolId("/other/1"), ECHO),
                    opened -> opened.channel().close());
            long later = System.nanoTime() + Duration.ofMillis(3_200).toNanos();
            awaitTrue("three idle times have passed", () -> System.nanoTime() > later);
            assertThat(stream).isNotDone();
            assertThat(connection.isOpen()).isTrue();

            relay.resume();

            assertThat(await(stream).protocol()).isEqualTo(ECHO);
        }
    }

    // SEC-G12
    @Test
    void neverClosesAConnectionAsUnusedUnderAStreamThatIsBeingOpened() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger trimmed = new AtomicInteger();
        Thread trimmer = new Thread(() -> {
            while (!done.get()) {
                for (Connection connection : client.connections()) {
                    if (((EstablishedConnection) connection).closeIfUnused(CloseCause.of(CloseCause.Reason.IDLE))) {
                        trimmed.incrementAndGet();
                    }
                }
            }
        });
        trimmer.start();
        try {
            for (int opens = 0; opens < 10_000; ) {
                Connection connection = await(client.dial(address(server)));
                List<CompletableFuture<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    answers.add(oneByte(connection));
                }
                for (CompletableFuture<Integer> answer : answers) {
                    // Either the connection refuses the stream before anything is sent, or the stream works to its end.
                    int got = await(answer);
                    assertThat(got).isIn(1, -1);
                    opens++;
                }
            }
        } finally {
            done.set(true);
            trimmer.join();
        }
        assertThat(trimmed).hasPositiveValue();
    }

    /** Completes with 1 when the byte has come back, or with -1 when the connection took no stream. Fails otherwise. */
    private static CompletableFuture<Integer> oneByte(Connection connection) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        connection
                .openStream(ECHO, stream -> stream.pipeline().addLast(new OneByte(result)))
                .whenComplete((stream, failure) -> {
                    if (failure instanceof ConnectionClosedException) {
                        result.complete(-1);
                    } else if (failure != null) {
                        result.completeExceptionally(failure);
                    }
                });
        return result;
    }

    private static final class OneByte extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Integer> result;

        OneByte(CompletableFuture<Integer> result) {
            this.result = result;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().buffer().writeByte(1));
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (ctx.channel().isActive()) {
                channelActive(ctx);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            result.complete(in.readableBytes());
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            result.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            result.completeExceptionally(new AssertionError("ended without an answer"));
        }
    }
}
