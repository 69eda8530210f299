package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.minip2p.core.testing.Dnsmasq.dnsaddr;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Dnsmasq;
import org.minip2p.transport.NameNotResolvedException;
import org.minip2p.transport.UnsupportedAddressException;

/** Dials {@code /dnsaddr} addresses, whose records are on a real DNS server. */
class DnsaddrTest {
    private final Hosts hosts = new Hosts();
    private final List<Dnsmasq> servers = new ArrayList<>();

    @BeforeAll
    static void needsAServer() {
        Dnsmasq.whatIsMissing().ifPresent(missing -> abort(missing));
    }

    @AfterEach
    void end() throws IOException {
        hosts.close();
        for (Dnsmasq each : servers) {
            each.close();
        }
    }

    @Conforms("MAD-33")
    @Test
    void findsThePeerThatIsAskedForAmongAllThatOneNameLists() throws Exception {
        Host alice = hosts.listener();
        Host bob = hosts.listener();
        Host client = dialer(
                dnsaddr("all.example", address(alice).toString()),
                dnsaddr("all.example", address(bob).toString()),
                dnsaddr("all.example", "/ip4/127.0.0.1/udp/1/quic-v1/p2p/" + bob.peerId()));
        Multiaddr all = Multiaddr.parse("/dnsaddr/all.example");

        Connection asked = await(client.dial(all.withPeerId(bob.peerId())));
        Connection other = await(client.dial(alice.peerId(), List.of(all)));

        assertThat(asked.remotePeer()).isEqualTo(bob.peerId());
        assertThat(other.remotePeer()).isEqualTo(alice.peerId());
        assertThat(HostTest.echo(asked, new byte[5])).hasSize(5);
    }

    /** A dial to any peer accepts each peer of the name whose identity matches its record. */
    // SEC-H25
    @Test
    void takesAnyPeerOfANameThatIsWhoItsRecordSays() throws Exception {
        Host alice = hosts.listener();
        Multiaddr lie = address(hosts.listener()).withPeerId(someone());
        Host client = dialer(
                dnsaddr("any.example", lie.toString()),
                dnsaddr("any.example", address(alice).toString()),
                dnsaddr("lies.example", lie.toString()));

        assertThat(await(client.dial(Multiaddr.parse("/dnsaddr/any.example"), DialOptions.toAnyPeer()))
                        .remotePeer())
                .isEqualTo(alice.peerId());
        assertThat(failure(client.dial(Multiaddr.parse("/dnsaddr/lies.example"), DialOptions.toAnyPeer())))
                .isInstanceOf(DialFailedException.class)
                .hasMessageContaining(lie.peerId().orElseThrow().toString());
    }

    @Conforms("MAD-33")
    @Test
    void followsFourNamesAndNoMore() throws Exception {
        Host alice = hosts.listener();
        String peer = "/p2p/" + alice.peerId();
        Host client = dialer(
                dnsaddr("5.example", "/dnsaddr/4.example" + peer),
                dnsaddr("4.example", "/dnsaddr/3.example" + peer),
                dnsaddr("3.example", "/dnsaddr/2.example" + peer),
                dnsaddr("2.example", "/dnsaddr/1.example" + peer),
                dnsaddr("1.example", address(alice).toString()),
                dnsaddr("loop.example", "/dnsaddr/loop.example" + peer),
                dnsaddr("ping.example", "/dnsaddr/pong.example" + peer),
                dnsaddr("pong.example", "/dnsaddr/ping.example" + peer));

        for (String name : List.of("5", "loop", "ping")) {
            assertThat(failure(client.dial(Multiaddr.parse("/dnsaddr/" + name + ".example" + peer))))
                    .isInstanceOf(DialFailedException.class)
                    .hasCauseInstanceOf(UnsupportedAddressException.class);
        }
        awaitTrue("all are noted", () -> servers.get(0).questions().size() >= 4 + 1 + 2);
        assertThat(servers.get(0).questions()).hasSize(4 + 1 + 2).doesNotContain("_dnsaddr.1.example");

        assertThat(await(client.dial(Multiaddr.parse("/dnsaddr/4.example" + peer)))
                        .remotePeer())
                .isEqualTo(alice.peerId());
    }

    /** One name leads to 930 other names, each of which would need a query. */
    // SEC-H25
    @Conforms("MAD-33")
    @Test
    void asksForNoMoreThanThirtyTwoNamesInOneDial() throws Exception {
        String peer = "/p2p/" + someone();
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            records.add(dnsaddr("many.example", "/dnsaddr/" + i + ".example" + peer));
            for (int j = 0; j < 30; j++) {
                records.add(dnsaddr(i + ".example", "/dnsaddr/" + i + "-" + j + ".example" + peer));
            }
        }
        Host client = dialer(records.toArray(String[]::new));

        assertThat(failure(client.dial(Multiaddr.parse("/dnsaddr/many.example" + peer))))
                .isInstanceOf(DialFailedException.class);

        // The client asks again if an answer is too long for UDP, so some questions come twice.
        awaitTrue("all are noted", () -> Set.copyOf(servers.get(0).questions()).size() >= 32);
        assertThat(Set.copyOf(servers.get(0).questions())).hasSize(32);
    }

    @Test
    void saysWhyARecordLeadsNowhere() throws Exception {
        PeerId peer = someone();
        Host client = dialer(
                dnsaddr("quic.example", "/ip4/127.0.0.1/udp/1/quic-v1/p2p/" + peer),
                dnsaddr("zero.example", "/ip4/0.0.0.0/tcp/1/p2p/" + peer));

        for (String name : List.of("quic", "zero")) {
            assertThat(failure(client.dial(Multiaddr.parse("/dnsaddr/" + name + ".example/p2p/" + peer))))
                    .isInstanceOf(DialFailedException.class)
                    .hasCauseInstanceOf(UnsupportedAddressException.class);
        }
        assertThat(failure(client.dial(Multiaddr.parse("/dnsaddr/no.example/p2p/" + peer))))
                .isInstanceOf(DialFailedException.class)
                .hasCauseInstanceOf(NameNotResolvedException.class)
                .hasMessageContaining("_dnsaddr.no.example");
    }

    @Test
    void asksTheGaterForTheAddressBehindTheNameAndRemembersTheName() throws Exception {
        Host alice = hosts.listener();
        Queue<Multiaddr> asked = new ConcurrentLinkedQueue<>();
        Host client = dialer(
                Host.builder().gater(new ConnectionGater() {
                    @Override
                    public boolean mayDial(Multiaddr address) {
                        asked.add(address);
                        return true;
                    }
                }),
                dnsaddr("alice.example", address(alice).toString()));
        Multiaddr name = Multiaddr.parse("/dnsaddr/alice.example").withPeerId(alice.peerId());

        await(await(client.dial(name)).close());

        assertThat(asked).containsExactly(address(alice));
        awaitTrue("no connection", () -> client.connections().isEmpty());
        assertThat(await(client.dial(alice.peerId())).remotePeer()).isEqualTo(alice.peerId());
        awaitTrue("both are noted", () -> servers.get(0).questions().size() >= 2);
        assertThat(servers.get(0).questions()).hasSize(2);
    }

    @Test
    void listensAtNoName() throws Exception {
        Host host = dialer(dnsaddr("here.example", "/ip4/127.0.0.1/tcp/0"));

        assertThat(failure(host.listen(Multiaddr.parse("/dnsaddr/here.example"))))
                .isInstanceOf(UnsupportedAddressException.class);
        assertThat(host.addresses()).isEmpty();
    }

    @Test
    void endsALookUpWithTheHost() throws Exception {
        Host client = dialer(dnsaddr("slow.example", "/ip4/127.0.0.1/tcp/1"));
        servers.get(0).pause();
        CompletableFuture<Connection> dial =
                client.dial(Multiaddr.parse("/dnsaddr/slow.example").withPeerId(someone()));

        await(client.closeAsync(Duration.ZERO));

        assertThat(failure(dial)).isInstanceOf(DialFailedException.class).hasCauseInstanceOf(HostClosedException.class);
    }

    @Test
    void refusesServersThatCannotBeAsked() {
        for (InetSocketAddress bad : List.of(
                InetSocketAddress.createUnresolved("dns.example", 53),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            assertThatThrownBy(() -> Host.builder().dnsServers(List.of(bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got " + bad);
        }
    }

    /** Runs a process whose class path is that of these tests, without Netty's jars for DNS. */
    @Test
    void doesWithoutTheResolversJarAndNamesIt() throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("netty-resolver-dns") && !entry.contains("netty-codec-dns"))
                .collect(Collectors.joining(File.pathSeparator));
        Host alice = hosts.listener();

        try (ChildProcess<String> without = ChildProcess.start(
                "a host without the jar",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        WithoutResolver.class.getName(),
                        address(alice).toString()),
                ChildProcess.Stderr.KEEP)) {
            Duration patience = Duration.ofSeconds(60);
            assertThat(without.awaitLine(patience)).isEqualTo("connected");
            assertThat(without.awaitLine(patience))
                    .contains("UnsupportedAddressException", "io.netty:netty-resolver-dns", "/dnsaddr/some.example");
            assertThat(without.awaitLine(patience)).contains("UnsupportedAddressException");
        }
    }

    /** The main class of that process. */
    static final class WithoutResolver {
        private WithoutResolver() {}

        public static void main(String[] arguments) {
            Multiaddr address = Multiaddr.parse(arguments[0]);
            Multiaddr name = Multiaddr.parse("/dnsaddr/some.example");
            try (Host host = Host.builder().start().join()) {
                host.dial(address).join();
                System.out.println("connected");
                System.out.println(
                        failure(host.dial(name.withPeerId(someone()))).getCause());
                System.out.println(failure(host.listen(name)));
            }
        }
    }

    private Host dialer(String... records) throws IOException {
        return dialer(Host.builder(), records);
    }

    private Host dialer(HostBuilder builder, String... records) throws IOException {
        Dnsmasq server = Dnsmasq.start(List.of(records));
        servers.add(server);
        return hosts.start(builder.dnsServers(List.of(server.address())));
    }

    private static PeerId someone() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }
}
