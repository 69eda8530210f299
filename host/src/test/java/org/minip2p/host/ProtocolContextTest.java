package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;

/** What an application's own protocol can rely on. */
class ProtocolContextTest {
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    void runsTasksOneAfterTheOtherOnAThreadOfItsOwn() {
        ProtocolContext context = hosts.dialer().protocolContext();
        List<Integer> run = new ArrayList<>();
        CompletableFuture<Boolean> isCurrent = new CompletableFuture<>();

        for (int i = 0; i < 100; i++) {
            int number = i;
            context.execute(() -> run.add(number));
        }
        context.execute(() -> isCurrent.complete(context.isCurrent()));

        assertThat(await(isCurrent)).isTrue();
        assertThat(context.isCurrent()).isFalse();
        assertThat(run).hasSize(100).isSorted();
    }

    @Test
    void runsATaskLaterUnlessItIsCancelled() throws Exception {
        ProtocolContext context = hosts.dialer().protocolContext();
        AtomicInteger run = new AtomicInteger();
        ScheduledFuture<?> cancelled = context.schedule(Duration.ofMillis(1), run::incrementAndGet);
        assertThat(context.schedule(Duration.ofDays(365_000), run::incrementAndGet)
                        .cancel(false))
                .isTrue();
        if (cancelled.cancel(false)) {
            run.incrementAndGet();
        }

        assertThat(context.schedule(Duration.ofMillis(30), () -> {})
                        .get(Hosts.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isNull();
        assertThat(run).hasValue(1);
    }

    /**
     * An observer hears of connections that are older than it, of those that arrive while it is being told, and of
     * later ones.
     */
    @Test
    void tellsEachConnectionOnceHoweverObserverAndConnectionMeet() throws Exception {
        Host server = hosts.listener();
        List<CompletableFuture<Connection>> dials = new ArrayList<>();
        List<Observer> observers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            dials.add(hosts.dialer().dial(address(server)));
            Observer observer = new Observer();
            server.protocolContext().observe(observer);
            observers.add(observer);
        }
        dials.forEach(Hosts::await);
        awaitTrue("all are accepted", () -> server.connections().size() == 12);
        for (Observer observer : observers) {
            for (int i = 0; i < 12; i++) {
                assertThat(observer.next()).isEqualTo("established 1");
            }
        }

        server.connections().forEach(Connection::abort);

        for (Observer observer : observers) {
            for (int i = 0; i < 12; i++) {
                assertThat(observer.next()).isEqualTo("closed 0 ABORTED");
            }
            assertThat(observer.told).isEmpty();
        }
    }

    @Test
    void countsTheConnectionsOfAPeerThatAreThereAlready() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        await(client.dial(address(server)));
        await(client.dial(address(server), DialOptions.when(DialCondition.ALWAYS)));
        awaitTrue("both are accepted", () -> server.connections().size() == 2);
        Observer observer = new Observer();

        server.protocolContext().observe(observer);

        assertThat(observer.next()).isEqualTo("established 1");
        assertThat(observer.next()).isEqualTo("established 2");
    }

    @Test
    void tellsAnObserverThatStoppedNoMore() throws Exception {
        Host server = hosts.listener();
        ProtocolContext context = server.protocolContext();
        Observer stopped = new Observer();
        Observer other = new Observer();
        context.observe(stopped);
        context.observe(other);
        assertThatThrownBy(() -> context.observe(other)).isInstanceOf(IllegalStateException.class);

        context.stopObserving(stopped);
        context.stopObserving(stopped);
        await(hosts.dialer().dial(address(server)));

        assertThat(other.next()).isEqualTo("established 1");
        assertThat(stopped.told).isEmpty();
        context.observe(stopped);
        assertThat(stopped.next()).as("the first event after observing again").isEqualTo("established 1");
    }

    @Test
    void resetsStreamsBeyondTheQuotaOfAPeerWhateverTheNumberOfItsConnections() throws Exception {
        List<ProtocolStream> served = new ArrayList<>();
        Host server = hosts.start(Host.builder().listen(LOOPBACK));
        server.handle(ECHO, HALF_OPEN, server.protocolContext().limited(StreamQuota.ofOpen(2), stream -> {
            synchronized (served) {
                served.add(stream);
            }
        }));
        Host client = hosts.dialer();
        Connection first = await(client.dial(address(server)));
        Connection second = await(client.dial(address(server), DialOptions.when(DialCondition.ALWAYS)));
        ProtocolStream one = open(first);
        open(second);
        awaitTrue("two are served", () -> size(served) == 2);

        ProtocolStream third = open(first);
        awaitTrue("one too many is reset", () -> !third.channel().isOpen());
        open(await(hosts.dialer().dial(address(server))));
        awaitTrue("another peer has a quota of its own", () -> size(served) == 3);
        one.reset();
        awaitTrue("a place is free again", () -> {
            open(first);
            return size(served) == 4;
        });
    }

    @Test
    void limitsHowOftenAPeerOpensAStreamUntilItsLastConnectionEnds() throws Exception {
        AtomicInteger served = new AtomicInteger();
        Host server = hosts.start(Host.builder().listen(LOOPBACK));
        server.handle(
                ECHO,
                HALF_OPEN,
                server.protocolContext().limited(StreamQuota.ofOpen(5).withRate(3, Duration.ofHours(1)), stream -> {
                    served.incrementAndGet();
                    stream.channel().close();
                }));
        Host client = hosts.dialer();
        Connection connection = await(client.dial(address(server)));
        for (int i = 0; i < 3; i++) {
            int before = served.get();
            open(connection);
            awaitTrue("it is served", () -> served.get() == before + 1);
        }
        ProtocolStream fourth = open(connection);
        awaitTrue("it is reset", () -> !fourth.channel().isOpen());
        assertThat(served).hasValue(3);

        await(connection.close());
        awaitTrue("the server knows", () -> server.connections().isEmpty());
        open(await(client.dial(address(server))));
        awaitTrue("nothing is known of it", () -> served.get() == 4);
    }

    @Test
    void aQuotaWhoseHandlerIsGoneIsKeptByNobody() throws Exception {
        Host server = hosts.listener();
        server.handle(
                new ProtocolId("/in-use/1"),
                HALF_OPEN,
                server.protocolContext().limited(StreamQuota.ofOpen(5), stream -> {}));
        for (int i = 0; i < 50; i++) {
            server.handle(
                    new ProtocolId("/limited/1"),
                    HALF_OPEN,
                    server.protocolContext().limited(StreamQuota.ofOpen(5), stream -> {}));
            server.stopHandling(new ProtocolId("/limited/1"));
        }

        assertThat(quotasInMemory()).isPositive().isLessThan(5);
    }

    /** The number of quotas in memory after a garbage collection. */
    private static int quotasInMemory() throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .filter(line -> line.matches(".* org\\.minip2p\\.host\\.context\\.InboundQuota( .*)?"))
                .mapToInt(line -> Integer.parseInt(line.strip().replaceAll("^\\S+\\s+(\\d+).*", "$1")))
                .sum();
    }

    // H10
    @Test
    void aPeerThatGoesOnBeyondItsQuotaLosesItsConnection() throws Exception {
        Host server = hosts.listener(HostConfig.defaults().with(HostConfig.MAX_RESETS, 20));
        ProtocolId limited = new ProtocolId("/limited/1");
        server.handle(limited, HALF_OPEN, server.protocolContext().limited(StreamQuota.ofOpen(1), stream -> {}));
        Connection connection = await(hosts.dialer().dial(address(server)));

        for (int i = 0; i < 200 && connection.isOpen(); i++) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            boolean isServed = i == 0;
            connection
                    .openStream(
                            limited,
                            stream -> stream.channel().closeFuture().addListener(closed -> over.complete(null)))
                    .whenComplete((stream, failure) -> {
                        if (failure != null || isServed) {
                            over.complete(null);
                        }
                    });
            await(over);
        }

        assertThat(await(connection.closed()).error()).hasMessageContaining("rate limited");
    }

    @Test
    void tiesAStreamToTheResultOfItsExchange() throws Exception {
        Host server = hosts.listener();
        Connection connection = await(hosts.dialer().dial(address(server)));
        CompletableFuture<String> failed = new CompletableFuture<>();
        CompletableFuture<ProtocolStream> opened = connection.openStream(ECHO, stream -> {});
        ProtocolContext.tie(opened, failed);
        await(opened);

        failed.cancel(false);

        awaitTrue("the stream is reset", () -> !await(opened).channel().isOpen());
        CompletableFuture<String> good = new CompletableFuture<>();
        CompletableFuture<ProtocolStream> used = connection.openStream(ECHO, stream -> {});
        ProtocolContext.tie(used, good);
        good.complete("well");
        assertThat(await(used).channel().isOpen()).isTrue();
        await(connection.close());
        CompletableFuture<String> notOpened = new CompletableFuture<>();
        ProtocolContext.tie(connection.openStream(ECHO, stream -> {}), notOpened);
        assertThat(failure(notOpened)).isInstanceOf(ConnectionClosedException.class);
        CompletableFuture<ProtocolStream> opening = new CompletableFuture<>();
        CompletableFuture<String> early = new CompletableFuture<>();
        ProtocolContext.tie(opening, early);
        early.cancel(false);
        assertThatThrownBy(opening::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void failsAResultThatIsLate() {
        ProtocolContext context = hosts.dialer().protocolContext();
        CompletableFuture<String> late = new CompletableFuture<>();
        CompletableFuture<String> good = CompletableFuture.completedFuture("here");

        context.expire(ECHO, Duration.ofMillis(20), late);
        context.expire(ECHO, Duration.ZERO, good);

        assertThat(failure(late))
                .isInstanceOf(ProtocolTimeoutException.class)
                .hasMessage("/echo/1.0.0: expected the peer to go on within 20 ms");
        assertThat(await(good)).isEqualTo("here");
    }

    @Test
    void tellsTheApplicationInOrderWithThePeersEvents() {
        List<String> heard = new ArrayList<>();
        CompletableFuture<List<String>> all = new CompletableFuture<>();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .listener((host, event) -> heard.add(event.getClass().getSimpleName())));
        server.protocolContext().observe(new Observer() {
            @Override
            public void closed(Connection connection, int numEstablished, CloseCause cause) {
                server.protocolContext().tell(connection.remotePeer(), () -> {
                    heard.add("told");
                    all.complete(List.copyOf(heard));
                });
            }
        });

        await(await(hosts.dialer().dial(address(server))).close());

        // The observer hears of the end before the listener does.
        assertThat(await(all)).containsExactly("ConnectionEstablished", "told");
    }

    @Test
    void doesNothingAfterTheEndOfTheHost() {
        Host host = hosts.dialer();
        ProtocolContext context = host.protocolContext();
        Observer observer = new Observer();
        context.observe(observer);
        await(host.closeAsync());
        awaitRejection(context);

        assertThatThrownBy(() -> context.schedule(Duration.ZERO, () -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        context.observe(new Observer());
        context.stopObserving(observer);
        CompletableFuture<String> result = new CompletableFuture<>();
        context.expire(ECHO, Duration.ofMillis(1), result);
        context.tell(host.peerId(), () -> {});
    }

    private static void awaitRejection(ProtocolContext context) {
        try {
            awaitTrue("it takes no task", () -> {
                try {
                    context.execute(() -> {});
                    return false;
                } catch (RejectedExecutionException e) {
                    return true;
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null
    void refusesWhatIsNothing() {
        ProtocolContext context = hosts.dialer().protocolContext();

        for (int wrong : new int[] {0, -1}) {
            assertThatThrownBy(() -> StreamQuota.ofOpen(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> StreamQuota.ofOpen(1).withRate(wrong, Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> StreamQuota.ofOpen(1).withRate(1, Duration.ofSeconds(wrong)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> context.execute(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> context.observe(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> context.limited(null, stream -> {})).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> context.limited(StreamQuota.ofOpen(1), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> context.tell(hosts.dialer().peerId(), null)).isInstanceOf(NullPointerException.class);
    }

    private static int size(List<?> list) {
        synchronized (list) {
            return list.size();
        }
    }

    private static ProtocolStream open(Connection connection) {
        return await(connection.openStream(
                ECHO, stream -> stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))));
    }

    private static class Observer implements ProtocolContext.ConnectionObserver {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String next = told.poll(Hosts.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public void established(Connection connection, int numEstablished) {
            told.add("established " + numEstablished);
        }

        @Override
        public void closed(Connection connection, int numEstablished, CloseCause cause) {
            told.add("closed " + numEstablished + " " + cause.reason());
        }
    }
}
