package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.protocols.pb.IdentifyMessage;

/** What this host says about itself. */
class OwnIdentityTest {
    private static final PublicKey KEY = PrivateKey.generate(KeyType.ED25519).publicKey();
    private static final Multiaddr FAR = Multiaddr.parse("/ip4/198.51.100.7/tcp/5");
    private static final Multiaddr NEAR = Multiaddr.parse("/ip4/127.0.0.1/tcp/5");

    @Test
    @Conforms({"IDN-8", "IDN-9", "IDN-11", "IDN-14", "IDN-16", "IDN-27"})
    void saysEverything() throws Exception {
        Multiaddr listen = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
        OwnIdentity own = new OwnIdentity(
                KEY, List.of(listen.withPeerId(PeerId.of(KEY))), List.of(Ping.ID, Identify.ID), "minip2p/0.1.0");

        IdentifyMessage message = own.messageTo(FAR, address -> true);

        assertThat(PublicKey.decode(message.getPublicKey().toByteArray())).isEqualTo(KEY);
        assertThat(addresses(message)).containsExactly(listen);
        assertThat(message.getProtocolsList().stream().map(ByteString::toStringUtf8))
                .containsExactlyInAnyOrder("/ipfs/id/1.0.0", "/ipfs/ping/1.0.0");
        assertThat(Multiaddr.decode(message.getObservedAddr().toByteArray())).isEqualTo(FAR);
        assertThat(message.getProtocolVersion().toStringUtf8()).isEqualTo("ipfs/0.1.0");
        assertThat(message.getAgentVersion().toStringUtf8()).isEqualTo("minip2p/0.1.0");
    }

    @Test // SEC-H20
    void tellsNobodyTheNamesOfItsInterfaces() throws Exception {
        OwnIdentity own = new OwnIdentity(
                KEY,
                List.of(
                        Multiaddr.parse("/ip6zone/eth0/ip6/fe80::1/tcp/1"),
                        Multiaddr.parse("/ip6/fe80::1/ip6zone/eth0/tcp/1").withPeerId(PeerId.of(KEY)),
                        Multiaddr.parse("/ip6zone/lo/ip6/::1/tcp/1"),
                        Multiaddr.parse("/ip6zone/eth0/ip6/::/tcp/1")),
                List.of(),
                "a/1");

        IdentifyMessage message = own.messageTo(Multiaddr.parse("/ip6zone/eth0/ip6/fe80::2/tcp/9"), address -> true);

        assertThat(addresses(message)).containsExactly(Multiaddr.parse("/ip6/fe80::1/tcp/1"));
        assertThat(Multiaddr.decode(message.getObservedAddr().toByteArray())).hasToString("/ip6/fe80::2/tcp/9");
    }

    @Test
    @Conforms({"IDN-12", "IDN-13"})
    void listsLoopbackAddressesToNeighboursAloneAndWildcardsToNobody() throws Exception {
        List<Multiaddr> addresses = Stream.of(
                        "/ip4/127.0.0.1/tcp/1",
                        "/ip6/::1/tcp/1",
                        "/ip4/192.0.2.1/tcp/1",
                        "/ip4/0.0.0.0/tcp/1",
                        "/ip6/::/tcp/1")
                .map(Multiaddr::parse)
                .toList();
        OwnIdentity own = new OwnIdentity(KEY, addresses, List.of(), "a/1");

        assertThat(addresses(own.messageTo(NEAR, address -> true))).isEqualTo(addresses.subList(0, 3));
        assertThat(addresses(own.messageTo(FAR, address -> true))).containsExactly(addresses.get(2));
    }

    /** The key is an RSA key, which is longer than keys of other types. */
    @Test
    @Conforms("IDN-19")
    void staysUnder4096Bytes() {
        PublicKey large = PrivateKey.generate(KeyType.RSA).publicKey();
        List<Multiaddr> addresses = IntStream.range(1, 500)
                .mapToObj(port -> Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port))
                .toList();
        List<ProtocolId> protocols = IntStream.range(0, 60)
                .mapToObj(i -> new ProtocolId("/a-protocol-with-a-long-name/" + i))
                .toList();

        IdentifyMessage message = new OwnIdentity(large, addresses, protocols, "a/1").messageTo(FAR, address -> true);

        assertThat(message.getSerializedSize()).isBetween(3900, 4095);
        assertThat(message.getProtocolsCount()).isEqualTo(60);
        assertThat(message.getListenAddrsCount()).isPositive();
    }

    @Test
    @Conforms("IDN-4")
    void putsTheLengthInFront() throws Exception {
        IdentifyMessage message = new OwnIdentity(KEY, List.of(), List.of(), "a/1").messageTo(FAR, address -> true);

        ByteBuf framed = OwnIdentity.framed(message, UnpooledByteBufAllocator.DEFAULT);

        byte[] body = new byte[framed.readUnsignedByte()];
        framed.readBytes(body);
        assertThat(framed.isReadable()).isFalse();
        assertThat(IdentifyMessage.parseFrom(body)).isEqualTo(message);
        framed.release();
    }

    /** Equality decides whether Identify pushes: the same protocols in another order are no change (IDN-28). */
    @Test
    @Conforms("IDN-28")
    void isTheSameWhateverTheOrderOfProtocols() {
        OwnIdentity one = new OwnIdentity(KEY, List.of(), List.of(Ping.ID, Identify.ID), "a/1");
        OwnIdentity other = new OwnIdentity(KEY, List.of(), List.of(Identify.ID, Ping.ID), "a/1");

        assertThat(one).isEqualTo(other);
    }

    private static List<Multiaddr> addresses(IdentifyMessage message) throws Exception {
        List<Multiaddr> addresses = new ArrayList<>();
        for (ByteString bytes : message.getListenAddrsList()) {
            addresses.add(Multiaddr.decode(bytes.toByteArray()));
        }
        return addresses;
    }
}
