package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.await;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;

class AnnouncingTest {
    private static final Multiaddr NAMED = Multiaddr.parse("/dns4/example.org/tcp/4001");

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    void namesWhatIsAnnouncedAmongItsAddresses() {
        Host host = hosts.start(Host.builder().listen(Hosts.LOOPBACK).announce(NAMED));
        List<Multiaddr> addresses = host.addresses();
        assertThat(addresses).hasSize(2).endsWith(NAMED.withPeerId(host.peerId()));

        host.announce(NAMED.withPeerId(host.peerId()));
        assertThat(host.addresses()).isEqualTo(addresses).isSameAs(host.addresses());

        assertThat(host.stopAnnouncing(NAMED)).isTrue();
        assertThat(host.stopAnnouncing(NAMED)).isFalse();
        assertThat(host.addresses()).hasSize(1);
    }

    @Test
    void announcesWhatItListensOnOnce() {
        Host host = hosts.listener();

        host.announce(host.addresses().get(0));

        assertThat(host.addresses()).hasSize(1);
    }

    @Test
    void isNowhereWhenItIsClosed() {
        Host host = hosts.start(Host.builder().announce(NAMED));
        assertThat(host.addresses()).hasSize(1);

        await(host.closeAsync());
        host.announce(NAMED);

        assertThat(host.addresses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001"})
    void announcesNoAddressThatStandsForAll(String address) {
        Host host = hosts.dialer();

        assertThatThrownBy(() -> host.announce(Multiaddr.parse(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(address);
        assertThat(host.addresses()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesAnotherPeersAddressAndNull() {
        Host host = hosts.dialer();
        Multiaddr others = NAMED.withPeerId(hosts.dialer().peerId());

        assertThatThrownBy(() -> host.announce(others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(others.toString());
        assertThatThrownBy(() -> Host.builder().announce(others).start()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Host.builder().announce("no address")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> host.announce(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().announce((Multiaddr) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().addressFilter(null)).isInstanceOf(NullPointerException.class);
    }
}
