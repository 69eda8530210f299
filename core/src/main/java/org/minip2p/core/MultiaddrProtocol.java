package org.minip2p.core;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The components that a multiaddr is made of, with the codes of the multiaddr table (MAD-3). More are known than can be dialed:
 * an address must be readable to be passed on (MAD-34).
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols.csv">multiaddr, protocols.csv</a>
 */
public enum MultiaddrProtocol {
    /** An IPv4 address. */
    IP4("ip4", 4, MultiaddrValue.IP4),
    /** A TCP port. */
    TCP("tcp", 6, MultiaddrValue.PORT),
    /** A DCCP port. */
    DCCP("dccp", 33, MultiaddrValue.PORT),
    /** An IPv6 address without zone. */
    IP6("ip6", 41, MultiaddrValue.IP6),
    /** The zone of the IPv6 address that follows. */
    IP6ZONE("ip6zone", 42, MultiaddrValue.NAME),
    /** How many bits of the address before it count. */
    IPCIDR("ipcidr", 43, MultiaddrValue.BYTE),
    /** A name with addresses of both families. */
    DNS("dns", 53, MultiaddrValue.NAME),
    /** A name with IPv4 addresses. */
    DNS4("dns4", 54, MultiaddrValue.NAME),
    /** A name with IPv6 addresses. */
    DNS6("dns6", 55, MultiaddrValue.NAME),
    /** A name whose TXT records hold multiaddrs. */
    DNSADDR("dnsaddr", 56, MultiaddrValue.NAME),
    /** An SCTP port. */
    SCTP("sctp", 132, MultiaddrValue.PORT),
    /** A UDP port. */
    UDP("udp", 273, MultiaddrValue.PORT),
    /** WebRTC by a rendezvous server; out of use. */
    P2P_WEBRTC_STAR("p2p-webrtc-star", 275, MultiaddrValue.NONE),
    /** WebRTC with a signalling of its own; out of use. */
    P2P_WEBRTC_DIRECT("p2p-webrtc-direct", 276, MultiaddrValue.NONE),
    /** Stardust; out of use. */
    P2P_STARDUST("p2p-stardust", 277, MultiaddrValue.NONE),
    /** WebRTC without signalling. */
    WEBRTC_DIRECT("webrtc-direct", 280, MultiaddrValue.NONE),
    /** WebRTC, its signalling through a relay. */
    WEBRTC("webrtc", 281, MultiaddrValue.NONE),
    /** Through a relay: the relay comes before, the target after it (MAD-31). */
    P2P_CIRCUIT("p2p-circuit", 290, MultiaddrValue.NONE),
    /** UDT. */
    UDT("udt", 301, MultiaddrValue.NONE),
    /** uTP. */
    UTP("utp", 302, MultiaddrValue.NONE),
    /** A socket in the file system: its path is the rest of the address. */
    UNIX("unix", 400, MultiaddrValue.PATH),
    /** A peer id. Its old name {@code ipfs} is read, too, and never written (MAD-18). */
    P2P("p2p", 421, MultiaddrValue.PEER),
    /** HTTP over TLS. */
    HTTPS("https", 443, MultiaddrValue.NONE),
    /** A Tor host of version 2, and a port. */
    ONION("onion", 444, MultiaddrValue.ONION),
    /** A Tor host of version 3, and a port. */
    ONION3("onion3", 445, MultiaddrValue.ONION3),
    /** An I2P destination. */
    GARLIC64("garlic64", 446, MultiaddrValue.GARLIC64),
    /** The hash of an I2P destination. */
    GARLIC32("garlic32", 447, MultiaddrValue.GARLIC32),
    /** TLS. */
    TLS("tls", 448, MultiaddrValue.NONE),
    /** The server name in a TLS handshake. */
    SNI("sni", 449, MultiaddrValue.NAME),
    /** Noise. */
    NOISE("noise", 454, MultiaddrValue.NONE),
    /** QUIC draft 29. */
    QUIC("quic", 460, MultiaddrValue.NONE),
    /** QUIC of RFC 9000. */
    QUIC_V1("quic-v1", 461, MultiaddrValue.NONE),
    /** WebTransport. */
    WEBTRANSPORT("webtransport", 465, MultiaddrValue.NONE),
    /** The hash of the certificate that a WebTransport or WebRTC server shows. */
    CERTHASH("certhash", 466, MultiaddrValue.CERTIFICATE_HASH),
    /** WebSocket. */
    WS("ws", 477, MultiaddrValue.NONE),
    /** WebSocket over TLS. */
    WSS("wss", 478, MultiaddrValue.NONE),
    /** WebSocket by a rendezvous server; out of use. */
    P2P_WEBSOCKET_STAR("p2p-websocket-star", 479, MultiaddrValue.NONE),
    /** HTTP. */
    HTTP("http", 480, MultiaddrValue.NONE),
    /** A path on an HTTP server. */
    HTTP_PATH("http-path", 481, MultiaddrValue.HTTP_PATH),
    /** Inside one process, by a number. */
    MEMORY("memory", 777, MultiaddrValue.LONG),
    /** No security at all. */
    PLAINTEXTV2("plaintextv2", 0x706c61, MultiaddrValue.NONE);

    private static final String OLD_NAME_OF_P2P = "ipfs";

    private static final Map<String, MultiaddrProtocol> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(p -> p.text, Function.identity()));

    private static final Map<Long, MultiaddrProtocol> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(p -> (long) p.code, Function.identity()));

    private final String text;
    private final int code;
    private final MultiaddrValue value;

    MultiaddrProtocol(String text, int code, MultiaddrValue value) {
        this.text = text;
        this.code = code;
        this.value = value;
    }

    /** {@return the name in the text form} */
    public String text() {
        return text;
    }

    /** {@return the number in the binary form} */
    public int code() {
        return code;
    }

    /** {@return whether a value follows it} */
    public boolean hasValue() {
        return value != MultiaddrValue.NONE;
    }

    MultiaddrValue value() {
        return value;
    }

    static Optional<MultiaddrProtocol> ofName(String name) {
        return name.equals(OLD_NAME_OF_P2P) ? Optional.of(P2P) : Optional.ofNullable(BY_NAME.get(name));
    }

    static Optional<MultiaddrProtocol> ofCode(long code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** The name in the text form. */
    @Override
    public String toString() {
        return text;
    }
}
