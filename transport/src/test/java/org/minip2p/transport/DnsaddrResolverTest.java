package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.minip2p.core.testing.Dnsmasq.dnsaddr;
import static org.minip2p.core.testing.Dnsmasq.txt;

import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Dnsmasq;

/** Look-ups of {@code /dnsaddr} at a real DNS server. */
class DnsaddrResolverTest {
    private static final String ALICE = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static final String BOB = "QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static Dnsmasq server;

    private final List<TcpTransport> transports = new ArrayList<>();

    @BeforeAll
    static void startServer() throws Exception {
        Dnsmasq.whatIsMissing().ifPresent(missing -> abort(missing));
        List<String> records = new ArrayList<>(List.of(
                dnsaddr("good.example", "/ip4/127.0.0.1/tcp/4001/p2p/" + ALICE),
                dnsaddr("good.example", "/ip6/::1/tcp/4001/p2p/" + ALICE),
                dnsaddr("good.example", "/ip4/127.0.0.1/tcp/4002/p2p/" + BOB),
                dnsaddr("good.example", "/dnsaddr/other.example"),
                txt("_dnsaddr.good.example", "v=spf1 -all"),
                txt("_dnsaddr.good.example", "DNSADDR=/ip4/127.0.0.1/tcp/4009"),
                txt("_dnsaddr.good.example", "dnsaddr=/ip4/127.0.0.1/tcp/70000"),
                txt("_dnsaddr.good.example", "dnsaddr=/of-tomorrow/1"),
                txt("_dnsaddr.good.example", "dnsaddr="),
                "cname=_dnsaddr.alias.example,_dnsaddr.good.example",
                dnsaddr("long.example", longAddress(900)),
                dnsaddr("none.example", "/ip4/127.0.0.1/tcp/4001"),
                txt("good.example", "dnsaddr=/ip4/127.0.0.1/tcp/4003")));
        for (int i = 0; i < 400; i++) {
            records.add(dnsaddr("huge.example", "/ip4/127.0.0.1/tcp/" + (10_000 + i) + "/p2p/" + ALICE));
        }
        server = Dnsmasq.start(records);
    }

    @AfterAll
    static void endServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void endTransports() {
        transports.forEach(
                each -> each.shutdown().orTimeout(15, TimeUnit.SECONDS).join());
    }

    @Conforms("MAD-33")
    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring", "kqueue"})
    void findsWhatTheRecordsOfItsNameSayAndSkipsThoseThatAreNone(String io) {
        IoBackend.unavailability(io).ifPresent(reason -> abort("no " + io + " here: " + reason));
        DnsaddrResolver resolver = resolver(transport(IoBackend.named(io)), PATIENCE, server.address());

        for (String name : List.of("good.example", "alias.example")) {
            assertThat(texts(resolver.resolve(Multiaddr.parse("/dnsaddr/" + name))))
                    .containsExactlyInAnyOrder(
                            "/ip4/127.0.0.1/tcp/4001/p2p/" + ALICE,
                            "/ip6/::1/tcp/4001/p2p/" + ALICE,
                            "/ip4/127.0.0.1/tcp/4002/p2p/" + BOB,
                            "/dnsaddr/other.example");
        }
    }

    @Conforms("MAD-33")
    @Test
    void keepsWhatEndsAsTheAddressThatWasAskedFor() {
        DnsaddrResolver resolver = resolver(PATIENCE);

        assertThat(texts(resolver.resolve(Multiaddr.parse("/dnsaddr/good.example/p2p/" + BOB))))
                .containsExactly("/ip4/127.0.0.1/tcp/4002/p2p/" + BOB);
        assertThat(texts(resolver.resolve(Multiaddr.parse("/dnsaddr/good.example/tcp/4001/p2p/" + ALICE))))
                .containsExactlyInAnyOrder("/ip4/127.0.0.1/tcp/4001/p2p/" + ALICE, "/ip6/::1/tcp/4001/p2p/" + ALICE);
        assertThat(failure(resolver.resolve(Multiaddr.parse("/dnsaddr/none.example/p2p/" + BOB))))
                .isInstanceOf(NameNotResolvedException.class)
                .hasMessage(
                        "_dnsaddr.none.example has 1 TXT records, expected one with dnsaddr= and an address that ends in "
                                + "/p2p/" + BOB);
    }

    /** Over UDP such an answer is truncated, so the resolver asks again over TCP. */
    // SEC-H25
    @Test
    void takesFewOfTheManyAddressesOfOneName() {
        List<String> found = texts(resolver(PATIENCE).resolve(Multiaddr.parse("/dnsaddr/huge.example/p2p/" + ALICE)));

        assertThat(found).hasSize(DnsaddrResolver.MAX_ADDRESSES).doesNotHaveDuplicates();
    }

    @Test
    void readsARecordOfSeveralStringsAsOne() {
        assertThat(texts(resolver(PATIENCE).resolve(Multiaddr.parse("/dnsaddr/long.example"))))
                .containsExactly(longAddress(900));
    }

    @Test
    void skipsRecordsThatAreTooLong() {
        List<String> records = List.of("dnsaddr=" + longAddress(1100), "dnsaddr=" + "/tcp/1".repeat(1000));
        DnsaddrResolver resolver = new DnsaddrResolver(
                GlobalEventExecutor.INSTANCE, PATIENCE, name -> question(CompletableFuture.completedFuture(records)));

        assertThat(failure(resolver.resolve(Multiaddr.parse("/dnsaddr/long.example"))))
                .hasMessageContaining("has 2 TXT records");
    }

    /** A name that does not exist, a name for which the server refuses queries, and invalid names. */
    @ParameterizedTest
    @CsvSource({"nobody.example", "lame.test", "a..b", "'xn--'", "'\u00fc\u00fc'"})
    void saysWhichNameHasNoRecords(String name) {
        assertThat(failure(resolver(PATIENCE).resolve(Multiaddr.parse("/dnsaddr/" + name))))
                .isInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("_dnsaddr.");
    }

    @Test
    void refusesNamesThatAreTooLongAndShowsTheirBeginning() {
        for (String name : List.of("a".repeat(64) + ".example", "a.".repeat(200) + "example")) {
            Throwable failure = failure(resolver(PATIENCE).resolve(Multiaddr.parse("/dnsaddr/" + name)));

            assertThat(failure).isInstanceOf(NameNotResolvedException.class);
            assertThat(failure.getMessage()).contains("_dnsaddr.a").hasSizeLessThan(400);
        }
    }

    @Test
    void refusesAnotherKindOfAddress() {
        assertThat(failure(resolver(PATIENCE).resolve(Multiaddr.parse("/dns4/good.example/tcp/1"))))
                .isInstanceOf(UnsupportedAddressException.class)
                .hasMessageContaining("/dnsaddr");
    }

    @Test
    void waitsForASlowServer() throws Exception {
        try (Dnsmasq slow = Dnsmasq.start(List.of(dnsaddr("slow.example", "/ip4/127.0.0.1/tcp/1")))) {
            slow.pause();
            CompletableFuture<List<Multiaddr>> found = resolver(transport(IoBackend.nio()), PATIENCE, slow.address())
                    .resolve(Multiaddr.parse("/dnsaddr/slow.example"));
            TimeUnit.MILLISECONDS.sleep(200);
            assertThat(found).isNotDone();

            slow.resume();

            assertThat(texts(found)).containsExactly("/ip4/127.0.0.1/tcp/1");
        }
    }

    @Test
    void asksTheNextServerWhenOneIsSilentAndGivesUpInTimeWhenThereIsNone() throws Exception {
        try (Dnsmasq silent = Dnsmasq.start(List.of())) {
            silent.pause();
            Multiaddr asked = Multiaddr.parse("/dnsaddr/none.example");

            assertThat(texts(resolver(
                                    transport(IoBackend.nio()),
                                    Duration.ofSeconds(4),
                                    silent.address(),
                                    server.address())
                            .resolve(asked)))
                    .containsExactly("/ip4/127.0.0.1/tcp/4001");
            TcpTransport transport = transport(IoBackend.nio());
            assertThat(failure(resolver(transport, Duration.ofMillis(300), silent.address())
                            .resolve(asked)))
                    .isInstanceOf(NameNotResolvedException.class)
                    .hasMessageContaining("_dnsaddr.none.example");
            awaitNoSocket(transport);
        }
    }

    /** Each look-up has its own sockets, for UDP and perhaps for TCP. */
    @Test
    void leavesNoSocketBehind() throws Exception {
        TcpTransport transport = transport(IoBackend.nio());
        DnsaddrResolver resolver = resolver(transport, PATIENCE, server.address());

        for (String name : List.of("good.example", "huge.example", "nobody.example", "a..b")) {
            resolver.resolve(Multiaddr.parse("/dnsaddr/" + name))
                    .handle((found, failure) -> null)
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();
        }

        awaitNoSocket(transport);
    }

    @Test
    void failsWhatIsAskedForWhenItIsClosedAndLater() throws Exception {
        try (Dnsmasq silent = Dnsmasq.start(List.of())) {
            silent.pause();
            TcpTransport transport = transport(IoBackend.nio());
            DnsaddrResolver resolver = resolver(transport, Duration.ofHours(1), silent.address());
            List<CompletableFuture<List<Multiaddr>>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                asked.add(resolver.resolve(Multiaddr.parse("/dnsaddr/" + i + ".example")));
            }

            resolver.close();
            resolver.close();

            asked.add(resolver.resolve(Multiaddr.parse("/dnsaddr/good.example")));
            assertThat(asked)
                    .allSatisfy(each -> assertThat(failure(each))
                            .isInstanceOf(NameNotResolvedException.class)
                            .hasMessageContaining("closed"));
            awaitNoSocket(transport);
        }
    }

    @Test
    void failsWhenTheEventLoopsHaveEnded() {
        TcpTransport transport = transport(IoBackend.nio());
        DnsaddrResolver resolver = resolver(transport, Duration.ofSeconds(5), server.address());
        transport.shutdown().orTimeout(15, TimeUnit.SECONDS).join();

        assertThat(failure(resolver.resolve(Multiaddr.parse("/dnsaddr/good.example"))))
                .isInstanceOf(NameNotResolvedException.class);
    }

    // SEC-H25
    /** At most 64 look-ups run at once. The time of each begins when it gets a place. */
    @Test
    void runsSixtyFourAtOnceAndCountsNoTimeInWhichALookUpWaits() {
        List<CompletableFuture<List<String>>> answers = new ArrayList<>();
        DnsaddrResolver resolver = new DnsaddrResolver(GlobalEventExecutor.INSTANCE, Duration.ofSeconds(2), name -> {
            CompletableFuture<List<String>> answer = new CompletableFuture<>();
            answers.add(answer);
            return question(answer);
        });
        List<CompletableFuture<List<Multiaddr>>> asked = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            asked.add(resolver.resolve(Multiaddr.parse("/dnsaddr/" + i + ".example")));
        }
        assertThat(answers).hasSize(64);
        answers.get(0).complete(List.of("dnsaddr=/ip4/127.0.0.1/tcp/1"));

        assertThat(answers).hasSize(65);
        answers.get(64).complete(List.of("dnsaddr=/ip4/127.0.0.1/tcp/2"));

        assertThat(texts(asked.get(0))).containsExactly("/ip4/127.0.0.1/tcp/1");
        assertThat(texts(asked.get(64))).containsExactly("/ip4/127.0.0.1/tcp/2");
        assertThat(failure(asked.get(1))).hasMessageContaining("2000 ms");
    }

    private static TxtRecords.Question question(CompletableFuture<List<String>> answer) {
        return new TxtRecords.Question() {
            @Override
            public CompletableFuture<List<String>> answer() {
                return answer;
            }

            @Override
            public void close() {
                answer.cancel(false);
            }
        };
    }

    /** An address of at least this many characters, with many certificate hashes. */
    private static String longAddress(int characters) {
        StringBuilder address = new StringBuilder("/ip4/127.0.0.1/udp/4001/quic-v1/webtransport");
        while (address.length() < characters) {
            address.append("/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ");
        }
        return address.toString();
    }

    private TcpTransport transport(IoBackend backend) {
        TcpTransport transport = new TcpTransport(backend, 1);
        transports.add(transport);
        return transport;
    }

    private DnsaddrResolver resolver(Duration timeout) {
        return resolver(transport(IoBackend.nio()), timeout, server.address());
    }

    private static DnsaddrResolver resolver(TcpTransport transport, Duration timeout, InetSocketAddress... servers) {
        return new DnsaddrResolver(transport, GlobalEventExecutor.INSTANCE, timeout, List.of(servers));
    }

    private static void awaitNoSocket(TcpTransport transport) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (((SingleThreadEventLoop) transport.anyEventLoop()).registeredChannels() > 0) {
            assertThat(System.nanoTime()).as("sockets are left").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static List<String> texts(CompletableFuture<List<Multiaddr>> found) {
        return found.orTimeout(15, TimeUnit.SECONDS).join().stream()
                .map(Multiaddr::toString)
                .toList();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            Object value = future.orTimeout(15, TimeUnit.SECONDS).join();
            throw new AssertionError("expected a failure, but came " + value);
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }
}
