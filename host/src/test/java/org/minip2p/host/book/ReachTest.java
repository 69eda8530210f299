package org.minip2p.host.book;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;

class ReachTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/tcp/1",
                "/ip4/10.0.0.1/tcp/1",
                "/ip4/172.31.0.1/tcp/1",
                "/ip4/192.168.0.1/tcp/1",
                "/ip4/169.254.1.1/tcp/1",
                "/ip4/100.64.0.1/tcp/1",
                "/ip4/100.127.255.255/tcp/1",
                "/ip6/::1/tcp/1",
                "/ip6/fe80::1/tcp/1",
                "/ip6/fd00::1/tcp/1",
                "/ip6/fc00::1/tcp/1",
                "/ip6/::ffff:192.168.0.1/tcp/1",
                "/ip6zone/eth0/ip6/fe80::1/tcp/1",
                "/dns4/localhost/tcp/1",
                "/dns/printer.local/tcp/1",
                "/dns6/a.localhost./tcp/1"
            })
    void isLocal(String address) {
        assertThat(Reach.isLocal(Multiaddr.parse(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/198.51.100.7/tcp/1",
                "/ip4/172.32.0.1/tcp/1",
                "/ip4/100.128.0.1/tcp/1",
                "/ip4/100.63.0.1/tcp/1",
                "/ip6/2001:db8::1/tcp/1",
                "/ip6/::ffff:198.51.100.7/tcp/1",
                "/dns4/example.org/tcp/1",
                "/dns4/localhost.example.org/tcp/1",
                "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234"
            })
    void isNotLocal(String address) {
        assertThat(Reach.isLocal(Multiaddr.parse(address))).isFalse();
    }
}
