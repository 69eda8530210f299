package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.protocols.HostPair.eventually;
import static org.minip2p.protocols.HostPair.get;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;

/** Which announced addresses of a host Identify tells, and to which peers. */
class AnnouncedAddressesTest {
    private static final String AGENT = "minip2p/0.1.0";
    private static final Multiaddr NAMED = Multiaddr.parse("/dns4/example.org/tcp/4001");
    private static final Multiaddr FORWARDED = Multiaddr.parse("/ip4/198.51.100.7/tcp/4001");

    private final List<Host> hosts = new ArrayList<>();

    @AfterEach
    void close() {
        CompletableFuture.allOf(hosts.stream().map(Host::closeAsync).toArray(CompletableFuture[]::new))
                .join();
    }

    private Host start(HostBuilder builder) throws Exception {
        Host host = get(builder.listen("/ip4/127.0.0.1/tcp/0").start());
        hosts.add(host);
        return host;
    }

    /** The addresses that a host tells to a peer that connects and asks. */
    private static List<Multiaddr> told(Host asking, Host host) throws Exception {
        Identify identify = Identify.install(asking, AGENT);
        Connection connection = get(asking.dial(host.addresses().get(0)));
        return get(identify.identify(connection)).listenAddresses();
    }

    private static Multiaddr listened(Host host) {
        return host.addresses().get(0).withoutPeerId();
    }

    @Test
    void tellsWhatIsAnnouncedBehindWhereItListens() throws Exception {
        Host host = start(Host.builder().announce(NAMED.toString()).announce(FORWARDED));
        Identify.install(host, AGENT);

        assertThat(told(start(Host.builder()), host)).containsExactly(listened(host), NAMED, FORWARDED);
    }

    @Test
    void pushesWhatIsAnnouncedLaterAndNoMore() throws Exception {
        Host host = start(Host.builder());
        Identify.install(host, AGENT, Duration.ofSeconds(5), Duration.ofMillis(20));
        Host peer = start(Host.builder());
        Identify there = Identify.install(peer, AGENT);
        get(peer.dial(host.addresses().get(0)));
        eventually(() -> there.known(host.peerId()).orElse(null));

        host.announce(NAMED);
        eventually(
                () -> there.known(host.peerId()).orElseThrow().listenAddresses().contains(NAMED) ? true : null);

        host.stopAnnouncing(NAMED);
        eventually(
                () -> there.known(host.peerId()).orElseThrow().listenAddresses().contains(NAMED) ? null : true);
        assertThat(peer.addressBook().addresses(host.peerId())).doesNotContain(NAMED);
    }

    @Test
    void tellsEachPeerWhatTheFilterLetsThrough() throws Exception {
        Host friend = start(Host.builder());
        Host stranger = start(Host.builder());
        Host host = start(
                Host.builder().announce(NAMED).announce(FORWARDED).addressFilter((address, peer, remoteAddress) -> {
                    assertThat(remoteAddress.toString()).startsWith("/ip4/127.0.0.1/");
                    return address.equals(FORWARDED) || peer.equals(friend.peerId());
                }));
        Identify.install(host, AGENT);

        assertThat(told(friend, host)).containsExactly(listened(host), NAMED, FORWARDED);
        assertThat(told(stranger, host)).containsExactly(FORWARDED);
        assertThat(host.addresses().stream().map(Multiaddr::withoutPeerId))
                .containsExactlyElementsOf(
                        Stream.of(listened(host), NAMED, FORWARDED).toList());
    }

    @Test
    void aFilterThatThrowsTellsNoAddressAndEverythingElse() throws Exception {
        Host host = start(Host.builder().announce(NAMED).addressFilter((address, peer, remoteAddress) -> {
            throw new NoClassDefFoundError("a test throws this");
        }));
        Identify.install(host, AGENT);
        Host asking = start(Host.builder());

        assertThat(told(asking, host)).isEmpty();
    }
}
