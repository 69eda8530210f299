package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.failure;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.FreePort;
import org.minip2p.transport.ListenFailedException;
import org.minip2p.transport.UnknownZoneException;
import org.minip2p.transport.UnsupportedAddressException;

/** The addresses that a host listens on and dials, with each I/O back end that is available. */
@ParameterizedClass
@ValueSource(strings = {"nio", "epoll", "io_uring", "kqueue"})
class AddressesTest {
    private final String io;
    private final Hosts hosts;

    AddressesTest(String io) {
        this.io = io;
        hosts = new Hosts(io);
    }

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @ParameterizedTest
    @CsvSource({"/ip4/0.0.0.0, /ip6/::", "/ip6/::, /ip4/0.0.0.0"})
    void listensOnBothWildcardsOfOnePort(String first, String second) throws Exception {
        int port = FreePort.find();
        Host host = hosts.start(Host.builder()
                .listen(first + "/tcp/" + port)
                .listen(second + "/tcp/" + port)
                .handle(ECHO, HALF_OPEN, Hosts::echo));

        for (String loopback : List.of("/ip4/127.0.0.1", "/ip6/::1")) {
            Multiaddr address = Multiaddr.parse(loopback + "/tcp/" + port).withPeerId(host.peerId());
            assertThat(host.addresses()).contains(address);
            assertThat(HostTest.echo(await(hosts.dialer().dial(address)), new byte[5]))
                    .hasSize(5);
            assertThat(failure(
                            host.dial(Multiaddr.parse(loopback + "/tcp/" + port).withPeerId(someone()))))
                    .hasMessageContaining("itself listens");
        }
        await(host.closeAsync());
        for (String ip : List.of("127.0.0.1", "::1")) {
            assertThat(isOpen(ip, port)).as("%s after the end of the host", ip).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/0.0.0.0", "/ip6/::"})
    void listensOnNoWildcardTwice(String wildcard) throws Exception {
        int port = FreePort.find();
        Host host =
                hosts.start(Host.builder().listen("/ip4/0.0.0.0/tcp/" + port).listen("/ip6/::/tcp/" + port));

        assertThat(failure(host.listen(Multiaddr.parse(wildcard + "/tcp/" + port))))
                .isInstanceOf(ListenFailedException.class)
                .hasMessageContaining("in use");
        assertThat(isOpen("127.0.0.1", port)).isTrue();
        assertThat(isOpen("::1", port)).isTrue();
    }

    /** Another socket has the port on IPv6. The host keeps listening on IPv4. */
    @Test
    void goesOnListeningOnIp4WhenIp6CannotBeHad() throws Exception {
        assumeTrue(List.of("nio", "epoll").contains(io), "the others have no socket for IPv4 alone");
        try (ServerSocket other = new ServerSocket()) {
            int port = FreePort.find();
            other.bind(socket("::1", port));
            Host host = hosts.start(
                    Host.builder().listen("/ip4/0.0.0.0/tcp/" + port).handle(ECHO, HALF_OPEN, Hosts::echo));

            assertThat(failure(host.listen(Multiaddr.parse("/ip6/::/tcp/" + port))))
                    .isInstanceOf(ListenFailedException.class);

            Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port).withPeerId(host.peerId());
            assertThat(host.addresses()).contains(address);
            assertThat(HostTest.echo(await(hosts.dialer().dial(address)), new byte[5]))
                    .hasSize(5);
        }
    }

    @Test
    void opensNoIp6WithTheWildcardOfIp4() throws Exception {
        Host host = hosts.start(Host.builder().listen("/ip4/0.0.0.0/tcp/" + FreePort.find()));
        int port = address(host).tcp().orElseThrow().port();

        assertThat(isOpen("127.0.0.1", port)).isTrue();
        assertThat(isOpen("::1", port)).isFalse();
        assertThat(host.addresses()).allMatch(each -> each.toString().startsWith("/ip4/"));
    }

    // SEC-H20
    @ParameterizedTest
    @ValueSource(strings = {"/ip4/0.0.0.0", "/ip6/::", "/ip6/::ffff:0.0.0.0"})
    void dialsNoAddressThatStandsForAll(String unspecified) {
        Host server = hosts.listener();
        Host client = hosts.listener();

        for (Host target : List.of(server, client)) {
            int port = address(target).tcp().orElseThrow().port();
            Multiaddr address = Multiaddr.parse(unspecified + "/tcp/" + port).withPeerId(server.peerId());

            assertThat(failure(client.dial(address)))
                    .isInstanceOf(DialFailedException.class)
                    .hasCauseInstanceOf(UnsupportedAddressException.class)
                    .hasMessageContaining(address.toString());
        }
        assertThat(server.connections()).isEmpty();
    }

    // SEC-H20
    @Test
    void listensAndDialsInAZone() throws Exception {
        NetworkInterface loopback =
                NetworkInterface.getByInetAddress(socket("::1", 0).getAddress());
        Host server = hosts.start(Host.builder()
                .listen("/ip6zone/" + loopback.getName() + "/ip6/::1/tcp/0")
                .handle(ECHO, HALF_OPEN, Hosts::echo));

        Multiaddr address = address(server);
        Connection connection = await(hosts.dialer().dial(address));

        assertThat(address.toString()).startsWith("/ip6zone/" + loopback.getName() + "/ip6/::1/tcp/");
        assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
    }

    // SEC-H20
    @Test
    void dialsALinkLocalAddressOfItsZone() throws Exception {
        List<String> linkLocal = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            each.inetAddresses()
                    .filter(InetAddress::isLinkLocalAddress)
                    .map(ip -> Multiaddr.ofTcp(new InetSocketAddress(ip, 0)).toString())
                    .filter(address -> address.startsWith("/ip6zone/"))
                    .forEach(linkLocal::add);
        }
        for (String address : linkLocal) {
            Host server = hosts.start(Host.builder().listen(address).handle(ECHO, HALF_OPEN, Hosts::echo));

            assertThat(HostTest.echo(await(hosts.dialer().dial(address(server))), new byte[5]))
                    .hasSize(5);
        }
    }

    // SEC-H20
    @Test
    void neitherListensNorDialsInAZoneThatIsNone() {
        Multiaddr address = Multiaddr.parse("/ip6zone/nosuch0/ip6/fe80::1/tcp/4001");

        assertThat(failure(hosts.dialer().listen(address))).isInstanceOf(UnknownZoneException.class);
        assertThat(failure(hosts.dialer().dial(address.withPeerId(someone()))))
                .isInstanceOf(DialFailedException.class)
                .hasCauseInstanceOf(UnknownZoneException.class);
    }

    // SEC-H17
    @Test
    void triesAGoodAddressBehindAnyNumberOfOthersThatCannotBeDialed() throws Exception {
        Host server = hosts.listener();
        List<Multiaddr> addresses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            addresses.add(Multiaddr.parse("/ip4/10.0.0." + i + "/udp/4001/quic-v1"));
            addresses.add(Multiaddr.parse("/ip4/10.0.0." + i + "/tcp/443/tls/ws"));
            addresses.add(Multiaddr.parse("/ip4/0.0.0.0/tcp/" + (i + 1)));
        }
        addresses.add(address(server).withoutPeerId());

        Connection connection = await(hosts.dialer().dial(server.peerId(), addresses));

        assertThat(HostTest.echo(connection, new byte[5])).hasSize(5);
    }

    // SEC-H17
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triesAnAddressThatFailedAMomentAgoWhenNothingElseWorks(boolean goodFirst) throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        PeerId peer = PeerId.of(key.publicKey());
        int port = FreePort.find();
        Multiaddr good = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port);
        List<Multiaddr> addresses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            addresses.add(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + FreePort.find()));
        }
        addresses.add(goodFirst ? 0 : addresses.size(), good);
        Host client = hosts.dialer();
        for (int i = 0; i < 3; i++) {
            assertThat(failure(client.dial(peer, List.of(good)))).isInstanceOf(DialFailedException.class);
        }
        hosts.start(Host.builder().identity(key).listen(good.toString()).handle(ECHO, HALF_OPEN, Hosts::echo));

        assertThat(HostTest.echo(await(client.dial(peer, addresses)), new byte[5]))
                .hasSize(5);
    }

    /** The error says why an address cannot be dialed, even if it is the only address. */
    @Test
    void saysWhyNothingCanBeDialed() {
        Host client = hosts.dialer();

        for (String address :
                List.of("/ip4/10.0.0.1/udp/4001/quic-v1", "/ip4/10.0.0.1/tcp/443/tls/ws", "/p2p-circuit")) {
            assertThat(failure(client.dial(Multiaddr.parse(address).withPeerId(someone()))))
                    .isInstanceOf(DialFailedException.class)
                    .hasCauseInstanceOf(UnsupportedAddressException.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("expected");
        }
        assertThat(failure(client.dial(someone(), List.of())))
                .isInstanceOf(DialFailedException.class)
                .hasMessageContaining("expected an address");
    }

    private static PeerId someone() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }

    /**
     * Whether a listener accepts the socket and does not close it at once. Not every back end can open a socket for
     * IPv4 alone.
     */
    private static boolean isOpen(String ip, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(socket(ip, port), 5_000);
            socket.setSoTimeout(300);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetSocketAddress socket(String ip, int port) {
        return new InetSocketAddress(ip, port);
    }
}
