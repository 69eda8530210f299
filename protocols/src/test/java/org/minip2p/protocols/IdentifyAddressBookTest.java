package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.protocols.HostPair.eventually;
import static org.minip2p.protocols.HostPair.get;

import com.google.protobuf.ByteString;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.AddressBook;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostConfig;
import org.minip2p.host.KeptConnection;
import org.minip2p.protocols.pb.IdentifyMessage;

/** What Identify writes into the address book. In these tests the peer connects to us, and we never dial it. */
class IdentifyAddressBookTest {
    private static final String AGENT = "minip2p/0.1.0";
    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";
    private static final HostConfig QUICK = HostConfig.defaults()
            .with(HostConfig.RECONNECT_DELAY, Duration.ofMillis(20))
            .with(HostConfig.MAX_RECONNECT_DELAY, Duration.ofMillis(200));

    private final PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    private final Host peer;
    private final Host here;

    IdentifyAddressBookTest() throws Exception {
        peer = get(Host.builder()
                .identity(key)
                .listen("/ip4/127.0.0.1/tcp/" + FreePort.find())
                .start());
        here = get(Host.builder().config(QUICK).listen(LOOPBACK).start());
    }

    @AfterEach
    void close() throws Exception {
        get(peer.closeAsync());
        get(here.closeAsync());
    }

    private void connect(Host other) throws Exception {
        get(other.dial(here.addresses().get(0)));
    }

    private Connection connectionHere() throws Exception {
        return eventually(() -> here.connection(peer.peerId()).orElse(null));
    }

    private List<Known> learned() {
        return here.addressBook().known(peer.peerId());
    }

    @Test
    void anAddressThatIdentifyToldLeadsBackToAPeerThatWasLost() throws Exception {
        Identify.install(peer, AGENT);
        Identify identify = Identify.install(here, AGENT);
        connect(peer);
        eventually(() -> learned().isEmpty() ? null : true);
        assertThat(learned())
                .extracting(Known::address, Known::source)
                .containsExactly(tuple(peer.addresses().get(0).withoutPeerId(), Source.IDENTIFY));

        get(connectionHere().close());
        eventually(() -> identify.known(peer.peerId()).isEmpty() ? true : null);

        Connection back = get(here.dial(peer.peerId()));
        assertThat(back.remoteAddress()).isEqualTo(peer.addresses().get(0).withoutPeerId());
        assertThat(learned().get(0).source()).isEqualTo(Source.DIALED);
    }

    /**
     * The peer connects to us from a port to which nobody can dial, and Identify tells us its listen address. Then the
     * peer closes and starts again at that address. We find it there.
     */
    @Test
    void aKeptPeerIsFoundAgainThroughWhatItTold() throws Exception {
        Identify.install(peer, AGENT);
        Identify.install(here, AGENT);
        connect(peer);
        eventually(() -> learned().isEmpty() ? null : true);
        KeptConnection kept = here.keepConnected(peer.peerId());
        String address = peer.addresses().get(0).withoutPeerId().toString();

        get(peer.closeAsync());
        eventually(() -> kept.state() instanceof KeptConnection.State.Waiting ? true : null);
        Host again = get(Host.builder().identity(key).listen(address).start());
        try {
            Connection back = eventually(() -> here.connection(peer.peerId()).orElse(null));
            assertThat(back.remoteAddress().toString()).isEqualTo(address);
        } finally {
            get(again.closeAsync());
        }
    }

    @Test
    void aPushTakesThePlaceOfWhatWasToldBefore() throws Exception {
        Identify pushing = Identify.install(peer, AGENT);
        Identify.install(here, AGENT);
        connect(peer);
        eventually(() -> learned().size() == 1 ? true : null);

        get(peer.listen(Multiaddr.parse("/ip6/::1/tcp/0")));
        get(pushing.push());

        eventually(() -> learned().size() == 2 ? true : null);
        assertThat(learned())
                .extracting(Known::address)
                .containsExactlyInAnyOrderElementsOf(
                        peer.addresses().stream().map(Multiaddr::withoutPeerId).toList());
    }

    @Test
    void thousandsOfLiesHideNothingThatIsKnownOtherwise() throws Exception {
        IdentifyMessage.Builder lies = IdentifyMessage.newBuilder();
        for (int i = 0; i < 400; i++) {
            lies.addListenAddrs(ByteString.copyFrom(Multiaddr.parse("/ip4/198.51.100." + i % 250 + "/tcp/" + (i + 1))
                    .bytes()));
        }
        Multiaddr known = peer.addresses().get(0).withoutPeerId();
        here.addressBook().add(peer.peerId(), known);
        peer.handle(Identify.ID, HALF_OPEN, stream -> {
            stream.channel().writeAndFlush(OwnIdentity.framed(lies.build(), UnpooledByteBufAllocator.DEFAULT));
            stream.channel().close();
        });
        Identify.install(here, AGENT);
        connect(peer);
        eventually(() -> learned().size() > 1 ? true : null);

        assertThat(learned()).hasSizeLessThan(64);
        assertThat(learned().get(0).address()).isEqualTo(known);
        get(connectionHere().close());
        assertThat(get(here.dial(peer.peerId())).remoteAddress()).isEqualTo(known);
    }

    @Test
    void aBookThatThrowsTakesNothingFromIdentify() throws Exception {
        AddressBook broken = (AddressBook) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {AddressBook.class}, (self, method, arguments) -> {
                    throw new NoClassDefFoundError(method.getName());
                });
        HostBuilder builder = Host.builder().addressBook(broken);
        Host other = get(builder.start());
        try {
            Identify.install(peer, AGENT);
            Identify identify = Identify.install(other, AGENT);

            Connection connection = get(other.dial(peer.addresses().get(0)));

            assertThat(get(identify.identify(connection)).agentVersion()).isEqualTo(AGENT);
        } finally {
            get(other.closeAsync());
        }
    }
}
