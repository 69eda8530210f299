package org.minip2p.core;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An address that says how to reach a peer and, at its end, who should be there: {@code /ip4/127.0.0.1/tcp/4001/p2p/12D3…}.
 *
 * <p>It has a text form and a binary form, which correspond exactly; two addresses are equal when their bytes are (MAD-26). Not
 * every valid address can be dialed: see {@link #tcp}. It has at least one component. Immutable and thread-safe.
 *
 * @see <a href="https://github.com/multiformats/multiaddr">multiformats/multiaddr</a>
 */
public final class Multiaddr {
    private final List<Component> components;
    private final byte[] bytes;

    /** Created on first use; it is immutable, so a race between threads only creates it twice. */
    private @Nullable PeerId peer;

    /** Also created on first use: one dial asks for it several times. */
    private @Nullable TcpTarget target;

    /**
     * One part of an address.
     *
     * @param protocol what it is
     * @param value its value as text, in canonical form; empty when the protocol has no value
     */
    public record Component(MultiaddrProtocol protocol, String value) {
        /**
         * Checks the value and brings it into canonical form.
         *
         * @throws IllegalArgumentException when the protocol does not accept this value
         * @param protocol what it is
         * @param value its value as text, in canonical form; empty when the protocol has no value
         */
        public Component {
            value = protocol.value().decode(protocol.value().encode(value));
        }

        /**
         * A part without a value.
         *
         * @param protocol the protocol of this part
         */
        public Component(MultiaddrProtocol protocol) {
            this(protocol, "");
        }

        private byte[] encode() {
            byte[] code = Varint.encode(protocol.code());
            byte[] content = protocol.value().encode(value);
            byte[] length = protocol.value().hasLength() ? Varint.encode(content.length) : new byte[0];
            return Bytes.concat(code, length, content);
        }

        /** The text form: {@code /name} or {@code /name/value}. */
        @Override
        public String toString() {
            if (protocol.value() == MultiaddrValue.PATH) {
                return "/" + protocol.text() + value;
            }
            return protocol.hasValue() ? "/" + protocol.text() + "/" + value : "/" + protocol.text();
        }
    }

    private Multiaddr(List<Component> components) {
        if (components.isEmpty()) {
            throw new IllegalArgumentException("an address has at least one component");
        }
        for (Component inner : components.subList(0, components.size() - 1)) {
            if (inner.protocol.value() == MultiaddrValue.PATH) {
                throw new IllegalArgumentException("nothing follows the path of " + inner);
            }
        }
        this.components = List.copyOf(components);
        byte[][] encoded = new byte[components.size()][];
        Arrays.setAll(encoded, i -> components.get(i).encode());
        this.bytes = Bytes.concat(encoded);
    }

    /**
     * Reads the text form. Slashes at the end are dropped (MAD-21).
     *
     * @param text {@code /name} or {@code /name/value}, one after the other
     * @return the address
     * @throws IllegalArgumentException when it is empty, a name unknown, or a value missing, malformed or not allowed
     */
    public static Multiaddr parse(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        if (end == 0 || text.charAt(0) != '/') {
            throw new IllegalArgumentException("expected /name/value/…, got '" + Printable.of(text) + "'");
        }
        String[] parts = text.substring(1, end).split("/", -1);
        List<Component> components = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            String name = parts[i];
            MultiaddrProtocol protocol = MultiaddrProtocol.ofName(name)
                    .orElseThrow(() -> new IllegalArgumentException("unknown component: " + Printable.of(name)));
            if (protocol.value() == MultiaddrValue.PATH) {
                String path = String.join("/", Arrays.asList(parts).subList(i + 1, parts.length));
                components.add(new Component(protocol, "/" + path));
                break;
            }
            if (protocol.hasValue()) {
                i++;
                if (i == parts.length) {
                    throw new IllegalArgumentException(protocol + " needs a value");
                }
                components.add(new Component(protocol, parts[i]));
            } else {
                components.add(new Component(protocol));
            }
        }
        return new Multiaddr(components);
    }

    /**
     * Reads the binary form.
     *
     * @param bytes codes and values, one after the other, and nothing left over
     * @return the address
     * @throws InvalidMultiaddrException when they are empty or cut, a code unknown, a varint malformed or a value refused
     */
    public static Multiaddr decode(byte[] bytes) throws InvalidMultiaddrException {
        return decode(bytes, Integer.MAX_VALUE);
    }

    /**
     * Reads the binary form of an untrusted address.
     *
     * @param bytes codes and values, one after the other, and nothing left over
     * @param maxComponents the most components; each takes many times its encoded size in memory
     * @return the address
     * @throws InvalidMultiaddrException as {@link #decode(byte[])} does, and when there are more components
     */
    public static Multiaddr decode(byte[] bytes, int maxComponents) throws InvalidMultiaddrException {
        if (bytes.length == 0) {
            throw new InvalidMultiaddrException("an address has at least one component, and so at least one byte");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Component> components = new ArrayList<>();
        while (in.hasRemaining()) {
            if (components.size() == maxComponents) {
                throw new InvalidMultiaddrException("expected at most " + maxComponents + " components, got more");
            }
            components.add(decodeComponent(in));
        }
        try {
            return new Multiaddr(components);
        } catch (IllegalArgumentException e) {
            throw new InvalidMultiaddrException(Printable.message(e), e);
        }
    }

    private static Component decodeComponent(ByteBuffer in) throws InvalidMultiaddrException {
        int start = in.position();
        try {
            long code = Varint.decode(in);
            MultiaddrProtocol protocol = MultiaddrProtocol.ofCode(code)
                    .orElseThrow(() -> new InvalidMultiaddrException("unknown component code " + code));
            MultiaddrValue kind = protocol.value();
            long length = kind.hasLength() ? Varint.decode(in) : kind.fixedBytes();
            if (length > in.remaining()) {
                throw new InvalidMultiaddrException(
                        protocol + " needs " + length + " bytes where " + in.remaining() + " are left");
            }
            byte[] value = new byte[(int) length];
            in.get(value);
            return new Component(protocol, kind.decode(value));
        } catch (VarintException | IllegalArgumentException e) {
            throw new InvalidMultiaddrException("component at byte " + start + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@return the address of a TCP socket, {@code /ip4/…/tcp/…} or {@code /ip6/…/tcp/…}, with the zone of a scoped address in front}
     *
     * @param address a resolved address
     * @throws IllegalArgumentException when the address is not resolved
     */
    public static Multiaddr ofTcp(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("not resolved: " + Printable.of(address.getHostString()));
        }
        InetAddress ip = address.getAddress();
        List<Component> components = new ArrayList<>();
        if (ip instanceof Inet4Address) {
            components.add(new Component(MultiaddrProtocol.IP4, IpText.formatIp4(ip.getAddress())));
        } else {
            zone((Inet6Address) ip).ifPresent(zone -> components.add(new Component(MultiaddrProtocol.IP6ZONE, zone)));
            components.add(new Component(MultiaddrProtocol.IP6, IpText.formatIp6(ip.getAddress())));
        }
        components.add(new Component(MultiaddrProtocol.TCP, Integer.toString(address.getPort())));
        return new Multiaddr(components);
    }

    private static Optional<String> zone(Inet6Address ip) {
        if (ip.getScopedInterface() != null) {
            return Optional.of(ip.getScopedInterface().getName());
        }
        return ip.getScopeId() > 0 ? Optional.of(Integer.toString(ip.getScopeId())) : Optional.empty();
    }

    /** {@return the binary form} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return the parts in their order, at least one} */
    public List<Component> components() {
        return components;
    }

    /**
     * {@return this address followed by another one}
     *
     * @param inner what goes over this address
     */
    public Multiaddr encapsulate(Multiaddr inner) {
        List<Component> joined = new ArrayList<>(components);
        joined.addAll(inner.components);
        return new Multiaddr(joined);
    }

    /**
     * {@return the part of this address before the last occurrence of the argument as whole components; this address itself when there is
     * none (MAD-27)}
     *
     * @param inner what to cut off, with everything after it
     * @throws IllegalArgumentException when this address starts with the argument, so that nothing would be left
     */
    public Multiaddr decapsulate(Multiaddr inner) {
        int at = Collections.lastIndexOfSubList(components, inner.components);
        if (at < 0) {
            return this;
        }
        if (at == 0) {
            throw new IllegalArgumentException("nothing is left of " + Printable.of(toString()));
        }
        return new Multiaddr(components.subList(0, at));
    }

    /** {@return the expected peer: the peer id at the end of this address, if there is one} With a relay in between, that is the target. */
    public Optional<PeerId> peerId() {
        Component last = components.get(components.size() - 1);
        if (last.protocol() != MultiaddrProtocol.P2P) {
            return Optional.empty();
        }
        PeerId known = peer;
        if (known == null) {
            known = PeerId.parse(last.value());
            peer = known;
        }
        return Optional.of(known);
    }

    /**
     * {@return this address with this peer at its end, instead of any other peer there}
     *
     * @param peer the expected peer
     */
    public Multiaddr withPeerId(PeerId peer) {
        List<Component> changed = new ArrayList<>(withoutLastPeer());
        changed.add(new Component(MultiaddrProtocol.P2P, peer.toString()));
        return new Multiaddr(changed);
    }

    /**
     * {@return this address without the peer id at its end; itself when there is none}
     *
     * @throws IllegalArgumentException when it consists only of a peer id
     */
    public Multiaddr withoutPeerId() {
        List<Component> rest = withoutLastPeer();
        return rest.size() == components.size() ? this : new Multiaddr(rest);
    }

    /**
     * {@return this address without zones, which mean nothing on another machine; itself when it has none}
     *
     * @throws IllegalArgumentException when it consists only of a zone
     */
    public Multiaddr withoutZone() {
        List<Component> rest = components.stream()
                .filter(component -> component.protocol() != MultiaddrProtocol.IP6ZONE)
                .toList();
        return rest.size() == components.size() ? this : new Multiaddr(rest);
    }

    private List<Component> withoutLastPeer() {
        int last = components.size() - 1;
        return components.get(last).protocol() == MultiaddrProtocol.P2P ? components.subList(0, last) : components;
    }

    /** {@return the host and port to dial or to listen on, if this is a plain TCP address (MAD-29)} */
    public Optional<TcpTarget> tcp() {
        TcpTarget known = target;
        if (known != null) {
            return Optional.of(known);
        }
        Optional<TcpTarget> found = TcpTarget.of(withoutLastPeer());
        target = found.orElse(null);
        return found;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multiaddr that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text form, canonical. */
    @Override
    public String toString() {
        return components.stream().map(Component::toString).collect(Collectors.joining());
    }
}
