package org.minip2p.host.accepting;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;

class ListenAddressesTest {
    private static final PeerId SELF =
            PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());

    private static final Set<InetAddress> MACHINE =
            Interfaces.ofThisMachine(System::nanoTime).addresses();

    @Test
    void anIp6WildcardStandsForIp6AddressesAlone() {
        assertThat(ListenAddresses.of(new InetSocketAddress("::", 4001), MACHINE, SELF))
                .allSatisfy(address -> assertThat(address.toString()).startsWith("/ip6/"));
    }

    @Test
    void anIp4WildcardStandsForIp4AddressesAlone() {
        assertThat(ListenAddresses.of(new InetSocketAddress("0.0.0.0", 4001), MACHINE, SELF))
                .contains(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001").withPeerId(SELF))
                .allSatisfy(address -> assertThat(address.toString()).startsWith("/ip4/"));
    }

    @Test
    void namesWhatAnAddressOfItsOwnIs() {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 4001);
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);

        assertThat(ListenAddresses.include(everywhere, MACHINE, loopback)).isTrue();
        assertThat(ListenAddresses.include(loopback, MACHINE, loopback)).isTrue();
        assertThat(ListenAddresses.include(
                        everywhere, MACHINE, new InetSocketAddress(InetAddress.getLoopbackAddress(), 4002)))
                .isFalse();
        assertThat(ListenAddresses.include(everywhere, MACHINE, new InetSocketAddress("192.0.2.1", 4001)))
                .isFalse();
        assertThat(ListenAddresses.include(loopback, MACHINE, new InetSocketAddress("127.0.0.2", 4001)))
                .isFalse();
    }
}
