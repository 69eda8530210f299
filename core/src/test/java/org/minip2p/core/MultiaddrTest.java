package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr.Component;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;

class MultiaddrTest {
    private static final Vectors VECTORS = Vectors.load("multiaddr");
    private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static final String OTHER_PEER = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";

    static List<Vectors> valid() {
        return VECTORS.list("valid");
    }

    static List<Vectors> invalidText() {
        return VECTORS.list("invalid_text");
    }

    static List<Vectors> invalidBytes() {
        return VECTORS.list("invalid_bytes");
    }

    static List<Vectors> decapsulate() {
        return VECTORS.list("decapsulate");
    }

    @Conforms({
        "MAD-1", "MAD-2", "MAD-4", "MAD-5", "MAD-6", "MAD-7", "MAD-9", "MAD-10", "MAD-11", "MAD-12", "MAD-17", "MAD-18",
        "MAD-21", "MAD-34"
    })
    @ParameterizedTest
    @MethodSource("valid")
    void readsAndWritesEveryValidVector(Vectors vector) throws InvalidMultiaddrException {
        String canonical = vector.text("canonical", vector.text("text"));

        Multiaddr fromText = Multiaddr.parse(vector.text("text"));
        Multiaddr fromBytes = Multiaddr.decode(vector.hex("hex"));

        assertThat(fromText.bytes()).isEqualTo(vector.hex("hex"));
        assertThat(fromText).hasToString(canonical);
        assertThat(fromBytes).isEqualTo(fromText).hasSameHashCodeAs(fromText).hasToString(canonical);
        assertThat(fromBytes.bytes()).isEqualTo(vector.hex("hex"));
        assertThat(fromBytes.components()).isEqualTo(fromText.components());
        assertThat(Multiaddr.parse(canonical)).isEqualTo(fromText);
    }

    @Conforms({
        "MAD-5", "MAD-6", "MAD-8", "MAD-9", "MAD-11", "MAD-13", "MAD-14", "MAD-16", "MAD-19", "MAD-20", "MAD-22",
        "MAD-23"
    })
    @ParameterizedTest
    @MethodSource("invalidText")
    void refusesEveryInvalidText(Vectors vector) {
        assertThatIllegalArgumentException()
                .as(vector.text("reason"))
                .isThrownBy(() -> Multiaddr.parse(vector.text("text")));
    }

    @Conforms({"MAD-14", "MAD-16", "MAD-23", "MAD-24", "MAD-25"})
    @ParameterizedTest
    @MethodSource("invalidBytes")
    void refusesEveryInvalidBinaryForm(Vectors vector) {
        assertThatExceptionOfType(InvalidMultiaddrException.class)
                .as(vector.text("reason"))
                .isThrownBy(() -> Multiaddr.decode(vector.hex("hex")));
    }

    @Conforms({"MAD-27", "MAD-28"})
    @ParameterizedTest
    @MethodSource("decapsulate")
    void decapsulatesAsTheVectorsSay(Vectors vector) {
        Multiaddr address = Multiaddr.parse(vector.text("address"));
        Multiaddr remove = Multiaddr.parse(vector.text("remove"));

        if (vector.has("result")) {
            assertThat(address.decapsulate(remove)).hasToString(vector.text("result"));
        } else {
            // The result would be empty, which is not an address (MAD-23).
            assertThatIllegalArgumentException().isThrownBy(() -> address.decapsulate(remove));
        }
    }

    @Conforms("MAD-3")
    @Test
    void knowsTheCodesAndSizesOfTheVectors() {
        Map<String, Object> codes = VECTORS.object("protocol_codes").asMap();
        assertThat(codes).isNotEmpty();
        for (String name : codes.keySet()) {
            MultiaddrProtocol protocol = MultiaddrProtocol.ofName(name).orElseThrow();
            Vectors expected = VECTORS.object("protocol_codes").object(name);

            assertThat(protocol.code()).isEqualTo((int) expected.number("code"));
            assertThat(protocol.value().hasLength())
                    .isEqualTo(expected.text("size_bits").equals("varint-length"));
            assertThat(protocol.hasValue())
                    .isEqualTo(!expected.text("size_bits").equals("0"));
            if (!protocol.value().hasLength()) {
                assertThat(protocol.value().fixedBytes() * Byte.SIZE).isEqualTo((int) expected.number("size_bits"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MultiaddrProtocol.class)
    void findsAProtocolByItsNameAndItsCode(MultiaddrProtocol protocol) {
        assertThat(MultiaddrProtocol.ofName(protocol.text())).contains(protocol);
        assertThat(MultiaddrProtocol.ofCode(protocol.code())).contains(protocol);
    }

    @Conforms({"MAD-2", "MAD-11", "MAD-13", "MAD-19", "MAD-20", "MAD-22"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip4/1.2.3.4",
                " /ip4/1.2.3.4",
                "/IP4/1.2.3.4",
                "/Tcp/1",
                "/ip4 /1.2.3.4",
                "//ip4/1.2.3.4",
                "/ip4//1.2.3.4",
                "/tcp/-1",
                "/tcp/1 ",
                "/tcp/0x10",
                "/tcp/١",
                "/tcp/655350",
                "/tcp/4294967376",
                "/tcp/99999999999999999999",
                "/p2p-circuit/50",
                "/tls/tls13",
                "/dns//tcp/1",
                "/dns/",
                "/sni/",
                "/p2p/",
                "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S",
                "/dns/\ud800",
                "///"
            })
    void refusesTextThatIsAlmostAnAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Multiaddr.parse(text));
    }

    @Test
    void quotesTheTextThatIsNoAddressCutAndEscaped() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Multiaddr.parse(""))
                .withMessage("expected /name/value/…, got ''");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Multiaddr.parse("\u001b" + "x".repeat(Printable.MAX_CHARACTERS)))
                .withMessage("expected /name/value/…, got '\\u001b" + "x".repeat(Printable.MAX_CHARACTERS - 1) + "…'");
    }

    @Conforms("MAD-21")
    @ParameterizedTest
    @ValueSource(strings = {"/ip4/1.2.3.4/tcp/80/", "/ip4/1.2.3.4/tcp/80//", "/ip4/1.2.3.4/tcp/80///"})
    void dropsSlashesAtTheEnd(String text) {
        assertThat(Multiaddr.parse(text)).hasToString("/ip4/1.2.3.4/tcp/80");
    }

    @Conforms("MAD-7")
    @Test
    void writesAMappedAddressWithDots() throws InvalidMultiaddrException {
        Multiaddr mapped = Multiaddr.parse("/ip6/::ffff:7f00:1/tcp/1");

        assertThat(mapped).hasToString("/ip6/::ffff:127.0.0.1/tcp/1");
        assertThat(Multiaddr.decode(mapped.bytes())).isEqualTo(mapped);
        assertThat(mapped).isNotEqualTo(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
    }

    // Cut short, overlong, a surrogate, a lone continuation byte
    @Conforms("MAD-15")
    @ParameterizedTest
    @ValueSource(strings = {"3501c3", "3502c080", "3503eda080", "350180", "3501ff", "2a01ff", "c10301ff"})
    void refusesNamesThatAreNotUtf8(String hex) {
        assertThatExceptionOfType(InvalidMultiaddrException.class).isThrownBy(() -> Multiaddr.decode(Hex.bytes(hex)));
    }

    @Test
    void carriesNamesInAnyScript() throws InvalidMultiaddrException {
        Multiaddr address = Multiaddr.parse("/dns/пример.испытание/tcp/1");

        assertThat(Multiaddr.decode(address.bytes())).hasToString("/dns/пример.испытание/tcp/1");
    }

    // Names that are empty or contain slashes, of every kind; lengths of up to 2^63-1; a value that is cut short;
    // unknown codes
    @Conforms({"MAD-14", "MAD-24", "MAD-25", "VAR-11"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "3600",
                "3700",
                "3800",
                "2a00",
                "c10300",
                "3501" + "2f",
                "3801" + "2f",
                "c10301" + "2f",
                "35ffffffffffffffff7f",
                "35ffffffff07",
                "a503ffffffff0f00",
                "0600",
                "0600500600",
                "04010203040600501234",
                "00",
                "05",
                "80",
                "0481",
                "ffffffffffffffff7f",
                "a5032112200000000000000000000000000000000000000000000000000000000000000000",
                "a50323" + "1220" + "0000000000000000000000000000000000000000000000000000000000000000" + "00"
            })
    void refusesBytesThatAreAlmostAnAddress(String hex) {
        assertThatExceptionOfType(InvalidMultiaddrException.class).isThrownBy(() -> Multiaddr.decode(Hex.bytes(hex)));
    }

    // Only whole components are an address
    @Conforms("MAD-24")
    @Test
    void refusesEveryCutThatIsNotBetweenComponents() throws InvalidMultiaddrException {
        byte[] whole = Multiaddr.parse("/dns4/example.com/tcp/443/p2p/" + PEER).bytes();
        int behindHost = Multiaddr.parse("/dns4/example.com").bytes().length;
        int behindPort = Multiaddr.parse("/dns4/example.com/tcp/443").bytes().length;

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length == behindHost || length == behindPort) {
                assertThat(Multiaddr.decode(cut).bytes()).isEqualTo(cut);
            } else {
                assertThatExceptionOfType(InvalidMultiaddrException.class)
                        .as("%d bytes", length)
                        .isThrownBy(() -> Multiaddr.decode(cut));
            }
        }
    }

    @Conforms("MAD-26")
    @Test
    void isEqualToEveryAddressWithTheSameBytes() {
        Map<Multiaddr, String> byAddress = new HashMap<>();
        for (String text : List.of("/ip6/::1/tcp/80", "/ip6/0:0::1/tcp/080", "/ip6/::1/tcp/80/")) {
            byAddress.put(Multiaddr.parse(text), text);
        }

        assertThat(byAddress).hasSize(1);
        Multiaddr other = Multiaddr.parse("/ip6/::1/udp/80");
        assertThat(Multiaddr.parse("/ip6/::1/tcp/80")).isNotEqualTo(other).doesNotHaveSameHashCodeAs(other);
    }

    @Conforms("MAD-27")
    @Test
    void encapsulatesByAppending() {
        Multiaddr outer = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
        Multiaddr inner = Multiaddr.parse("/ws/p2p/" + PEER);

        Multiaddr both = outer.encapsulate(inner);

        assertThat(both).hasToString("/ip4/1.2.3.4/tcp/1/ws/p2p/" + PEER);
        assertThat(both.decapsulate(inner)).isEqualTo(outer);
    }

    // The last occurrence counts, only whole components match, and everything after the match is removed, too
    @Conforms("MAD-27")
    @ParameterizedTest
    @CsvSource({
        "/ip4/1.1.1.1/tcp/1/ip4/1.1.1.1/tcp/1, /ip4/1.1.1.1/tcp/1, /ip4/1.1.1.1/tcp/1",
        "/ip4/1.1.1.1/tcp/1/ws/p2p-circuit, /tcp/1, /ip4/1.1.1.1",
        "/ip4/1.1.1.1/tcp/12, /tcp/1, /ip4/1.1.1.1/tcp/12",
        "/ip4/1.1.1.1/tcp/1, /tcp/1/ws, /ip4/1.1.1.1/tcp/1",
    })
    void decapsulatesFromTheLastPlace(String address, String inner, String expected) {
        assertThat(Multiaddr.parse(address).decapsulate(Multiaddr.parse(inner))).hasToString(expected);
    }

    @Conforms({"MAD-30", "MAD-31"})
    @Test
    void namesThePeerAtItsEnd() {
        PeerId peer = PeerId.parse(PEER);

        assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p/" + PEER).peerId()).contains(peer);
        assertThat(Multiaddr.parse("/p2p/" + PEER).peerId()).contains(peer);
        assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/1").peerId()).isEmpty();
        assertThat(Multiaddr.parse("/p2p/" + PEER + "/tcp/1").peerId()).isEmpty();
    }

    // The relay is not the target
    @Conforms("MAD-31")
    @Test
    void namesTheTargetBehindARelay() {
        Multiaddr viaRelay = Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p/" + OTHER_PEER + "/p2p-circuit");

        assertThat(viaRelay.peerId()).isEmpty();
        assertThat(viaRelay.withPeerId(PeerId.parse(PEER)).peerId()).contains(PeerId.parse(PEER));
        assertThat(viaRelay.withPeerId(PeerId.parse(PEER)).withoutPeerId()).isEqualTo(viaRelay);
        assertThat(viaRelay.decapsulate(Multiaddr.parse("/p2p-circuit")).peerId())
                .contains(PeerId.parse(OTHER_PEER));
    }

    @Test
    void takesAPeerOnAndOff() {
        Multiaddr bare = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
        PeerId peer = PeerId.parse(PEER);

        assertThat(bare.withPeerId(peer)).hasToString("/ip4/1.2.3.4/tcp/1/p2p/" + PEER);
        assertThat(bare.withPeerId(PeerId.parse(OTHER_PEER)).withPeerId(peer)).isEqualTo(bare.withPeerId(peer));
        assertThat(bare.withPeerId(peer).withoutPeerId()).isEqualTo(bare);
        assertThat(bare.withoutPeerId()).isEqualTo(bare);
    }

    @Conforms("MAD-23")
    @Test
    void isNeverEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Multiaddr.parse("/p2p/" + PEER).withoutPeerId());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 4001, /ip4/127.0.0.1/tcp/4001",
        "::1, 0, /ip6/::1/tcp/0",
        "2001:db8:0:0:0:0:0:1, 65535, /ip6/2001:db8::1/tcp/65535",
        "::ffff:1.2.3.4, 80, /ip4/1.2.3.4/tcp/80",
    })
    void isMadeOfASocketAddress(String ip, int port, String expected) throws UnknownHostException {
        InetSocketAddress socket = new InetSocketAddress(InetAddress.getByName(ip), port);

        assertThat(Multiaddr.ofTcp(socket)).hasToString(expected);
    }

    @Conforms("MAD-9")
    @Test
    void writesTheZoneOfASocketAddressBeforeTheAddress() throws UnknownHostException {
        byte[] linkLocal = IpText.parseIp6("fe80::1");
        InetSocketAddress socket = new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 7), 80);

        assertThat(Multiaddr.ofTcp(socket)).hasToString("/ip6zone/7/ip6/fe80::1/tcp/80");
    }

    /** In the platform's own addresses, the zone is an interface. An address without a zone has 0. */
    @Conforms("MAD-9")
    @Test
    void namesTheInterfaceOfASocketAddressAndNoZoneThatIsNone() throws IOException {
        byte[] linkLocal = IpText.parseIp6("fe80::1");
        assertThat(Multiaddr.ofTcp(new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 0), 80)))
                .hasToString("/ip6/fe80::1/tcp/80");

        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(each.getInetAddresses())) {
                if (address instanceof Inet6Address ip && ip.getScopedInterface() != null) {
                    assertThat(Multiaddr.ofTcp(new InetSocketAddress(ip, 80)).components())
                            .startsWith(new Component(MultiaddrProtocol.IP6ZONE, each.getName()));
                }
            }
        }
    }

    @Test
    void isNotMadeOfANameThatIsNotResolved() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Multiaddr.ofTcp(InetSocketAddress.createUnresolved("example.com", 80)));
    }

    @Test
    void bringsTheValueOfAComponentIntoItsCanonicalForm() {
        assertThat(new Component(MultiaddrProtocol.TCP, "0080").value()).isEqualTo("80");
        assertThat(new Component(MultiaddrProtocol.IP6, "0::1")).hasToString("/ip6/::1");
        assertThat(new Component(MultiaddrProtocol.WS)).hasToString("/ws");
        assertThatIllegalArgumentException().isThrownBy(() -> new Component(MultiaddrProtocol.WS, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Component(MultiaddrProtocol.DNS));
    }

    /** A value is refused in both forms. */
    @Conforms({"MAD-11", "MAD-14"})
    @ParameterizedTest
    @CsvSource({"NAME, ''", "NAME, a/b", "NAME, a\u001bb", "PATH, a", "PATH, /a/", "PATH, /a\u001bb"})
    void refusesNamesAndPathsAsTextAndAsBytes(MultiaddrValue kind, String value) {
        byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThatIllegalArgumentException().isThrownBy(() -> kind.encode(value));
        assertThatIllegalArgumentException().isThrownBy(() -> kind.decode(bytes));
    }

    @Test
    void givesAwayCopiesOfItsBytes() {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/80");

        address.bytes()[1] = 9;

        assertThat(address.bytes()).isEqualTo(Hex.bytes("0401020304060050"));
    }

    @Conforms("MAD-4")
    @Test
    void comesBackFromItsTextAndItsBytes() throws InvalidMultiaddrException {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            Multiaddr address = anyAddress(random);

            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
            assertThat(Multiaddr.decode(address.bytes())).isEqualTo(address);
            assertThat(Multiaddr.decode(address.bytes())).hasToString(address.toString());
        }
    }

    // As people and current peers write them
    @Conforms({"MAD-3", "MAD-4", "MAD-34"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/1.2.3.4/udp/4001/quic-v1/webtransport/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g"
                        + "/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ/p2p/" + PEER,
                "/ip4/1.2.3.4/udp/9090/webrtc-direct/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g/p2p/"
                        + PEER,
                "/ip4/1.2.3.4/tcp/443/p2p/" + OTHER_PEER + "/p2p-circuit/webrtc/p2p/" + PEER,
                "/ip6zone/eth0/ip6/fe80::1/tcp/4001/p2p/" + PEER,
                "/dns4/example.com/tcp/443/tls/sni/example.com/http/http-path/a%2Fb%20c",
                "/dns/example.com/tcp/443/tls/ws",
                "/dnsaddr/bootstrap.libp2p.io/p2p/" + PEER,
                "/onion/aaimaq4ygg2iegci:80",
                "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234/tcp/5",
                "/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq",
                "/unix/var/run/p2p.sock",
                "/memory/18446744073709551615",
                "/ip4/10.0.0.0/ipcidr/8",
                "/ip4/1.2.3.4/dccp/1/udt",
                "/ip4/1.2.3.4/sctp/1/utp",
                "/dns4/star.example/tcp/443/wss/p2p-webrtc-star/p2p/" + PEER,
                "/dns4/star.example/tcp/443/wss/p2p-websocket-star",
                "/ip4/1.2.3.4/tcp/1/http/p2p-webrtc-direct",
                "/ip4/1.2.3.4/tcp/1/p2p-stardust",
                "/ip4/1.2.3.4/tcp/1/plaintextv2",
            })
    void readsAndWritesTheAddressesOfToday(String text) throws InvalidMultiaddrException {
        Multiaddr address = Multiaddr.parse(text);

        assertThat(address).hasToString(text).isEqualTo(Multiaddr.parse(text + "/"));
        assertThat(Multiaddr.decode(address.bytes())).isEqualTo(address).hasToString(text);
        assertThat(address.tcp().isPresent()).isEqualTo(text.startsWith("/ip6zone"));
    }

    @Test
    void protocolsHaveTheirNamesInTheTextForm() {
        assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/1").components())
                .extracting(Component::protocol)
                .extracting(MultiaddrProtocol::toString)
                .containsExactly("ip4", "tcp");
    }

    /** Made with go-multiaddr's table, not with ours. */
    @Conforms("MAD-3")
    @ParameterizedTest
    @CsvSource({
        "/memory/258, 89060000000000000102",
        "/ip4/10.0.0.0/ipcidr/8, 040a0000002b08",
        "/unix/a/b, 9003042f612f62",
        "/http/http-path/a%2Fb, e003e10303612f62",
        "/onion/aaimaq4ygg2iegci:80, bc030010c0439831b48218480050",
        "/certhash/uEgEB, d20303120101",
        "/webrtc, 9902",
        "/plaintextv2, e1d8c103",
    })
    void writesTheBytesThatOthersRead(String text, String hex) throws InvalidMultiaddrException {
        assertThat(Multiaddr.parse(text).bytes()).isEqualTo(Hex.bytes(hex));
        assertThat(Multiaddr.decode(Hex.bytes(hex))).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/certhash/f1220c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2, "
                + "/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g",
        "/onion/AAIMAQ4YGG2IEGCI:080, /onion/aaimaq4ygg2iegci:80",
        "/http-path/a b/ws, /http-path/a%20b/ws",
        "/http-path/%2f%c3%A4, /http-path/%2F%C3%A4",
        "/unix/a//b/, /unix/a//b",
        "/memory/007, /memory/7",
    })
    void writesOneFormOfWhatIsReadInSeveral(String text, String canonical) throws InvalidMultiaddrException {
        Multiaddr address = Multiaddr.parse(text);

        assertThat(address).hasToString(canonical).isEqualTo(Multiaddr.parse(canonical));
        assertThat(Multiaddr.decode(address.bytes())).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/unix",
                "/unix/",
                "/onion/aaimaq4ygg2iegci",
                "/onion/aaimaq4ygg2iegci:0",
                "/onion/aaimaq4ygg2iegci:65536",
                "/onion/aaimaq4ygg2iegc:80",
                "/onion/aaimaq4ygg2iegcI:80",
                "/onion3/aaimaq4ygg2iegci:80",
                "/garlic32/aaaa",
                "/garlic64/AAAA",
                "/certhash/uEg",
                "/certhash/xEgEB",
                "/certhash/uEgIB",
                "/http-path/%",
                "/http-path/%2",
                "/http-path/%zz",
                "/http-path/",
                "/memory/-1",
                "/memory/+1",
                "/memory/18446744073709551616",
                "/ipcidr/256",
                "/ipcidr/2550",
                "/webtransport/certhash",
            })
    void refusesTextThatIsAlmostAnAddressOfToday(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Multiaddr.parse(text));
    }

    // A path before another component, without its first slash, or with a slash at its end; onion port 0; hashes and
    // destinations that are cut short
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9003042f612f62" + "dd03",
                "900301" + "61",
                "9003022f2f",
                "900300",
                "bc030010c0439831b48218480000",
                "d2030212ff",
                "d20300",
                "e10300",
                "bf0301aa",
                "be0301aa",
                "89060000",
            })
    void refusesBytesThatAreAlmostAnAddressOfToday(String hex) {
        assertThatExceptionOfType(InvalidMultiaddrException.class).isThrownBy(() -> Multiaddr.decode(Hex.bytes(hex)));
    }

    @Test
    void addsNothingToAPathThatEndsAnAddress() {
        Multiaddr path = Multiaddr.parse("/unix/run/p2p.sock");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> path.withPeerId(PeerId.parse(PEER)))
                .withMessageContaining("/unix/run/p2p.sock");
        assertThatIllegalArgumentException().isThrownBy(() -> path.encapsulate(Multiaddr.parse("/ws")));
    }

    // SEC-H19
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[2J",
                "a\nb",
                "a\r",
                "\u0000",
                "\u007f",
                "\u009b31m",
                "a\u202eb",
                "a\u2066b",
                "\u200b",
                "\u2028",
                "\ufeff",
                "a\u00adb",
            })
    void refusesNamesThatATerminalWouldObey(String name) {
        byte[] encoded = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int code : new int[] {42, 53, 54, 55, 56}) {
            byte[] bytes = Bytes.concat(new byte[] {(byte) code, (byte) encoded.length}, encoded);

            assertThatExceptionOfType(InvalidMultiaddrException.class)
                    .isThrownBy(() -> Multiaddr.decode(bytes))
                    .satisfies(refusal -> assertThat(Printable.isSafe(String.valueOf(refusal.getMessage())))
                            .isTrue());
        }
        for (String text : List.of("/dns4/" + name + "/tcp/1", "/ip6zone/" + name + "/ip6/::1", "/unix/" + name)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Multiaddr.parse(text))
                    .satisfies(refusal -> assertThat(Printable.isSafe(String.valueOf(refusal.getMessage())))
                            .isTrue());
        }
    }

    // SEC-H2
    @Test
    void readsNoMoreComponentsOfOthersThanAsked() throws InvalidMultiaddrException {
        byte[] bytes = Multiaddr.parse("/ip4/1.2.3.4" + "/tcp/1".repeat(15)).bytes();

        assertThat(Multiaddr.decode(bytes, 16).components()).hasSize(16);
        assertThatExceptionOfType(InvalidMultiaddrException.class)
                .isThrownBy(() -> Multiaddr.decode(bytes, 15))
                .withMessageContaining("at most 15 components");
    }

    // SEC-H20
    @Test
    void isWithoutZonesWhereAnotherMachineReadsIt() {
        Multiaddr zoned = Multiaddr.parse("/ip6zone/eth0/ip6/fe80::1/tcp/1");

        Multiaddr bare = zoned.withoutZone();

        assertThat(bare).hasToString("/ip6/fe80::1/tcp/1");
        assertThat(bare.withoutZone()).isSameAs(bare);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Multiaddr.parse("/ip6zone/eth0").withoutZone());
    }

    private static Multiaddr anyAddress(Random random) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(6); i++) {
            MultiaddrProtocol[] all = Arrays.stream(MultiaddrProtocol.values())
                    .filter(protocol -> protocol != MultiaddrProtocol.UNIX)
                    .toArray(MultiaddrProtocol[]::new);
            parts.add(anyComponent(all[random.nextInt(all.length)], random).toString());
        }
        return Multiaddr.parse(String.join("", parts));
    }

    private static Component anyComponent(MultiaddrProtocol protocol, Random random) {
        byte[] bytes = new byte[Math.max(0, protocol.value().fixedBytes())];
        random.nextBytes(bytes);
        return switch (protocol.value()) {
            case NONE -> new Component(protocol);
            case IP4, IP6, PORT, BYTE, LONG ->
                new Component(protocol, protocol.value().decode(bytes));
            case ONION, ONION3 -> {
                bytes[bytes.length - 1] |= 1;
                yield new Component(protocol, protocol.value().decode(bytes));
            }
            case CERTIFICATE_HASH -> new Component(protocol, "uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g");
            case GARLIC32 -> new Component(protocol, "a".repeat(52));
            case GARLIC64 -> new Component(protocol, "A".repeat(516));
            case HTTP_PATH -> new Component(protocol, "a%2Fb");
            case PATH -> throw new IllegalArgumentException("it takes the rest of an address");
            case PEER -> new Component(protocol, random.nextBoolean() ? PEER : OTHER_PEER);
            case NAME -> new Component(protocol, anyName(random));
        };
    }

    private static String anyName(Random random) {
        StringBuilder name = new StringBuilder();
        do {
            int character = random.nextInt(Character.MAX_CODE_POINT + 1);
            if (character != '/' && Printable.isSafe(Character.toString(character))) {
                name.appendCodePoint(character);
            }
        } while (name.length() == 0 || random.nextInt(80) > 0);
        return name.toString();
    }
}
