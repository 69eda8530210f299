package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr.Component;
import org.minip2p.core.testing.Conforms;

class TcpTargetTest {
    private static final String PEER = "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    @Conforms({"MAD-29", "MAD-12"})
    @ParameterizedTest
    @CsvSource({
        "/ip4/1.2.3.4/tcp/0, IP4, 1.2.3.4, 0",
        "/ip6/::1/tcp/65535, IP6, ::1, 65535",
        "/dns/example.com/tcp/1, DNS, example.com, 1",
        "/dns4/example.com/tcp/1, DNS4, example.com, 1",
        "/dns6/example.com/tcp/1, DNS6, example.com, 1",
        "/dnsaddr/example.com/tcp/1, DNSADDR, example.com, 1",
    })
    void isThereForAHostAndAPort(String address, MultiaddrProtocol protocol, String host, int port) {
        TcpTarget expected = new TcpTarget(new Component(protocol, host), "", port);

        Multiaddr withPeer = Multiaddr.parse(address + PEER);

        assertThat(Multiaddr.parse(address).tcp()).contains(expected);
        assertThat(withPeer.tcp()).contains(expected);
        assertThat(withPeer.tcp()).as("asked again").contains(expected);
    }

    @Conforms({"MAD-9", "MAD-10"})
    @ParameterizedTest
    @ValueSource(strings = {"/ip6zone/eth0/ip6/fe80::1/tcp/80", "/ip6/fe80::1/ip6zone/eth0/tcp/80"})
    void hasTheZoneOfItsAddress(String address) {
        assertThat(Multiaddr.parse(address).tcp())
                .contains(new TcpTarget(new Component(MultiaddrProtocol.IP6, "fe80::1"), "eth0", 80));
    }

    // Valid addresses, but not plain TCP
    @Conforms({"MAD-29", "MAD-31", "MAD-34"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/1.2.3.4",
                "/tcp/1",
                "/ip4/1.2.3.4/udp/1",
                "/ip4/1.2.3.4/tcp/1/ws",
                "/ip4/1.2.3.4/tcp/1/tls",
                "/ip4/1.2.3.4/tcp/1/tls/ws",
                "/ip4/1.2.3.4/tcp/1/noise",
                "/ip4/1.2.3.4/udp/1/quic-v1",
                "/ip4/1.2.3.4/tcp/1/tcp/2",
                "/sni/example.com/tcp/1",
                "/ip6zone/eth0/ip4/1.2.3.4/tcp/1",
                "/ip6zone/eth0/tcp/1",
                "/ip4/1.2.3.4/tcp/1" + PEER + "/p2p-circuit",
                "/ip4/1.2.3.4/tcp/1" + PEER + "/p2p-circuit" + PEER,
                "/ip4/1.2.3.4/tcp/1" + PEER + PEER,
                PEER
            })
    void isNotThereForAnythingElse(String address) {
        assertThat(Multiaddr.parse(address).tcp()).isEmpty();
    }

    @Test
    void refusesWhatIsNoTarget() {
        Component ip4 = new Component(MultiaddrProtocol.IP4, "1.2.3.4");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TcpTarget(new Component(MultiaddrProtocol.WS), "", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TcpTarget(ip4, "eth0", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TcpTarget(ip4, "", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TcpTarget(ip4, "", 65_536));
    }
}
