package org.minip2p.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Varint;
import org.minip2p.core.testing.Conforms;
import org.minip2p.protocols.pb.IdentifyMessage;

/** What Identify takes over from a peer's message. */
class IdentifyContentTest {
    private static final PublicKey KEY = PrivateKey.generate(KeyType.ED25519).publicKey();
    private static final PublicKey OTHER_KEY =
            PrivateKey.generate(KeyType.ED25519).publicKey();
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

    @Test
    @Conforms("IDN-5")
    void takesEveryField() {
        IdentifyMessage message = complete().build();

        IdentifyInfo info = IdentifyContent.update(message, null, KEY);

        assertThat(info)
                .isEqualTo(new IdentifyInfo(
                        KEY,
                        List.of(ADDRESS),
                        List.of(Ping.ID, Identify.ID),
                        Optional.of(Multiaddr.parse("/ip4/198.51.100.7/tcp/5")),
                        "ipfs/0.1.0",
                        "other/1"));
    }

    @Test // SEC-57
    @Conforms("IDN-10")
    void dropsAMessageWithAnotherKey() {
        IdentifyMessage message = complete()
                .setPublicKey(ByteString.copyFrom(OTHER_KEY.encoded()))
                .build();

        assertThatThrownBy(() -> IdentifyContent.checkKey(message, PeerId.of(KEY)))
                .isInstanceOfSatisfying(
                        IdentifyFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(IdentifyFailedException.Reason.WRONG_KEY));
    }

    @Test
    @Conforms("IDN-10")
    void dropsAMessageWhoseKeyIsNone() {
        IdentifyMessage message =
                complete().setPublicKey(ByteString.copyFromUtf8("no key")).build();

        assertThatThrownBy(() -> IdentifyContent.checkKey(message, PeerId.of(KEY)))
                .isInstanceOf(IdentifyFailedException.class);
    }

    /** jvm-libp2p sends no key. The handshake has already proved the key. */
    @Test
    void takesAMessageWithoutKeyOrWithTheRightOne() throws Exception {
        IdentifyContent.checkKey(complete().clearPublicKey().build(), PeerId.of(KEY));
        IdentifyContent.checkKey(complete().build(), PeerId.of(KEY));

        IdentifyInfo info = IdentifyContent.update(complete().clearPublicKey().build(), null, KEY);

        assertThat(info.publicKey()).isEqualTo(KEY);
    }

    @Test
    @Conforms({"IDN-23", "MAD-35"})
    void skipsBadEntriesAndKeepsTheRest() {
        IdentifyMessage message = complete()
                .clearListenAddrs()
                .addListenAddrs(ByteString.copyFrom(new byte[] {(byte) 0xff, 1}))
                .addListenAddrs(ByteString.copyFrom(ADDRESS.bytes()))
                .addListenAddrs(ByteString.EMPTY)
                .clearProtocols()
                .addProtocols(ByteString.copyFrom(new byte[] {'/', (byte) 0xc3, 0x28}))
                .addProtocols(ByteString.copyFromUtf8("no-slash"))
                .addProtocols(ByteString.EMPTY)
                .addProtocols(ByteString.copyFromUtf8("/two\nlines"))
                .addProtocols(ByteString.copyFromUtf8("/gültig/1"))
                .setObservedAddr(ByteString.copyFrom(new byte[] {4, 1}))
                .build();

        IdentifyInfo info = IdentifyContent.update(message, null, KEY);

        assertThat(info.listenAddresses()).containsExactly(ADDRESS);
        assertThat(info.protocols()).containsExactly(new ProtocolId("/gültig/1"));
        assertThat(info.observedAddress()).isEmpty();
    }

    /** An address that ends in the id of another peer. */
    @Test // SEC-7
    void skipsAddressesOfOtherPeers() {
        IdentifyMessage message = complete()
                .addListenAddrs(ByteString.copyFrom(
                        ADDRESS.withPeerId(PeerId.of(OTHER_KEY)).bytes()))
                .build();

        assertThat(IdentifyContent.update(message, null, KEY).listenAddresses()).containsExactly(ADDRESS);
    }

    @Test // SEC-56
    @Conforms("IDN-24")
    void keepsNoMoreThanItsLimits() {
        IdentifyMessage.Builder message = IdentifyMessage.newBuilder();
        for (int i = 0; i < 2000; i++) {
            message.addProtocols(ByteString.copyFromUtf8("/p/" + i));
            message.addListenAddrs(ByteString.copyFrom(
                    Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (1 + i)).bytes()));
        }

        IdentifyInfo info = IdentifyContent.update(message.build(), null, KEY);

        assertThat(info.protocols()).hasSize(IdentifyContent.MAX_PROTOCOLS);
        assertThat(info.listenAddresses()).hasSize(IdentifyContent.MAX_ADDRESSES);
    }

    @Test // SEC-H2
    void skipsAddressesOfTooManyComponents() {
        Multiaddr longest = Multiaddr.parse("/ip4/192.0.2.1" + "/tcp/1".repeat(15));
        IdentifyMessage message = complete()
                .clearListenAddrs()
                .addListenAddrs(
                        ByteString.copyFrom(Multiaddr.parse(longest + "/tcp/1").bytes()))
                .addListenAddrs(ByteString.copyFrom(
                        Multiaddr.parse("/tcp/1".repeat(2700)).bytes()))
                .addListenAddrs(ByteString.copyFrom(longest.bytes()))
                .setObservedAddr(
                        ByteString.copyFrom(Multiaddr.parse("/tcp/1".repeat(17)).bytes()))
                .build();

        IdentifyInfo info = IdentifyContent.update(message, null, KEY);

        assertThat(info.listenAddresses()).containsExactly(longest);
        assertThat(info.observedAddress()).isEmpty();
    }

    @Test // SEC-H2
    void keepsNoMoreBytesThanItsLimitWhateverTheEntriesAre() {
        IdentifyMessage.Builder message = complete().clearListenAddrs().clearProtocols();
        for (int i = 0; i < 200; i++) {
            message.addListenAddrs(ByteString.copyFrom(
                    Multiaddr.parse("/dns4/" + "x".repeat(1000) + i + "/tcp/1").bytes()));
            message.addProtocols(ByteString.copyFromUtf8("/" + "y".repeat(1000) + i));
        }

        IdentifyInfo info = IdentifyContent.update(message.build(), null, KEY);

        assertThat(IdentifyContent.bytes(info)).isLessThanOrEqualTo(IdentifyContent.MAX_PEER_BYTES + 2048);
        assertThat(info.listenAddresses()).hasSizeBetween(10, 199);
        assertThat(info.protocols()).hasSizeBetween(10, 127);
    }

    @Test // SEC-H19
    void skipsNamesThatATerminalWouldObey() {
        byte[] name = "x\u001b[2J".getBytes(StandardCharsets.UTF_8);
        IdentifyMessage message = complete()
                .clearListenAddrs()
                .addListenAddrs(ByteString.copyFrom(concat(new byte[] {54}, prefixed(name), new byte[] {6, 16, 1})))
                .addListenAddrs(ByteString.copyFrom(ADDRESS.bytes()))
                .clearProtocols()
                .addProtocols(ByteString.copyFromUtf8("/x\u001b[2J"))
                .addProtocols(ByteString.copyFromUtf8("/x\u202e"))
                .addProtocols(ByteString.copyFromUtf8("/good/1"))
                .setAgentVersion(ByteString.copyFromUtf8("a\u202eb\u2028"))
                .build();

        IdentifyInfo info = IdentifyContent.update(message, null, KEY);

        assertThat(info.listenAddresses()).containsExactly(ADDRESS);
        assertThat(info.protocols()).containsExactly(new ProtocolId("/good/1"));
        assertThat(info.agentVersion()).isEqualTo("a\\u202eb\\u2028");
    }

    @Test // SEC-66
    void cutsAndEscapesText() {
        IdentifyMessage message = complete()
                .setAgentVersion(ByteString.copyFromUtf8("evil\r\n\u001b[31m" + "x".repeat(5000)))
                .build();

        String agent = IdentifyContent.update(message, null, KEY).agentVersion();

        assertThat(agent).startsWith("evil\\u000d\\u000a\\u001b[31mxx").hasSizeLessThan(200);
    }

    @Test
    @Conforms("IDN-26")
    void keepsWhatAPushDoesNotName() {
        IdentifyInfo known = IdentifyContent.update(complete().build(), null, KEY);
        IdentifyMessage push = IdentifyMessage.newBuilder()
                .addProtocols(ByteString.copyFromUtf8("/new"))
                .build();

        IdentifyInfo info = IdentifyContent.update(push, known, KEY);

        assertThat(info)
                .isEqualTo(new IdentifyInfo(
                        KEY,
                        known.listenAddresses(),
                        List.of(new ProtocolId("/new")),
                        known.observedAddress(),
                        known.protocolVersion(),
                        known.agentVersion()));
    }

    @Test
    @Conforms("IDN-26")
    void keepsTheListsThatAPushDoesNotName() {
        IdentifyInfo known = IdentifyContent.update(complete().build(), null, KEY);
        IdentifyMessage push = IdentifyMessage.newBuilder()
                .setAgentVersion(ByteString.copyFromUtf8("other/2"))
                .build();

        IdentifyInfo info = IdentifyContent.update(push, known, KEY);

        assertThat(info.protocols()).isEqualTo(known.protocols());
        assertThat(info.listenAddresses()).isEqualTo(known.listenAddresses());
        assertThat(info.agentVersion()).isEqualTo("other/2");
    }

    /**
     * Identify uses no signed record, so it cannot use one wrongly: not one with a good signature of the peer, not one
     * of another peer, and not one that is older than another.
     */
    @Test
    @Conforms({"IDN-31", "IDN-33"})
    void usesThePlainAddressesWhateverASignedRecordSays() {
        PrivateKey peer = PrivateKey.generate(KeyType.ED25519);
        PublicKey key = peer.publicKey();
        PrivateKey other = PrivateKey.generate(KeyType.ED25519);
        IdentifyInfo plain = IdentifyContent.update(complete().build(), null, key);
        List<byte[]> records = List.of(
                signedRecord(peer, key, 2), signedRecord(peer, key, 1), signedRecord(other, key, 3), new byte[] {1, 2, 3
                });

        IdentifyInfo known = plain;
        for (byte[] record : records) {
            IdentifyMessage full =
                    complete().setSignedPeerRecord(ByteString.copyFrom(record)).build();
            IdentifyMessage alone = IdentifyMessage.newBuilder()
                    .setSignedPeerRecord(ByteString.copyFrom(record))
                    .build();

            known = IdentifyContent.update(full, known, key);
            assertThat(known).isEqualTo(plain);
            known = IdentifyContent.update(alone, known, key);
            assertThat(known).isEqualTo(plain);
        }
    }

    /** A signed envelope as other implementations send it. Its record names an address that no message names. */
    private static byte[] signedRecord(PrivateKey signer, PublicKey owner, int sequence) {
        byte[] address = field(1, Multiaddr.parse("/ip4/203.0.113.9/tcp/9").bytes());
        byte[] record =
                concat(field(1, PeerId.of(owner).bytes()), new byte[] {0x10, (byte) sequence}, field(3, address));
        byte[] domain = "libp2p-peer-record".getBytes(StandardCharsets.UTF_8);
        byte[] type = {3, 1};
        byte[] signed = concat(prefixed(domain), prefixed(type), prefixed(record));
        return concat(
                field(1, signer.publicKey().encoded()),
                field(2, type),
                field(3, record),
                field(5, signer.sign(signed)));
    }

    private static byte[] field(int number, byte[] value) {
        return concat(new byte[] {(byte) (number << 3 | 2)}, prefixed(value));
    }

    private static byte[] prefixed(byte[] value) {
        return concat(Varint.encode(value.length), value);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static IdentifyMessage.Builder complete() {
        return IdentifyMessage.newBuilder()
                .setPublicKey(ByteString.copyFrom(KEY.encoded()))
                .addListenAddrs(ByteString.copyFrom(ADDRESS.bytes()))
                .addListenAddrs(ByteString.copyFrom(ADDRESS.bytes()))
                .addProtocols(ByteString.copyFromUtf8(Ping.ID.value()))
                .addProtocols(ByteString.copyFromUtf8(Identify.ID.value()))
                .setObservedAddr(ByteString.copyFrom(
                        Multiaddr.parse("/ip4/198.51.100.7/tcp/5").bytes()))
                .setProtocolVersion(ByteString.copyFromUtf8("ipfs/0.1.0"))
                .setAgentVersion(ByteString.copyFromUtf8("other/1"));
    }
}
