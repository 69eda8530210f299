package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.just;
import static org.minip2p.core.testing.Generator.text;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr.Component;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

class MultiaddrPropertyTest {
    private static final Generator<String> PEERS = Generator.of(
            "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC");

    private static final Generator<MultiaddrProtocol> PROTOCOLS = Generator.of(Arrays.stream(MultiaddrProtocol.values())
            .filter(protocol -> protocol != MultiaddrProtocol.UNIX) // its value is the rest of the address
            .toArray(MultiaddrProtocol[]::new));
    private static final Generator<Component> COMPONENTS =
            choices -> component(PROTOCOLS.from(choices)).from(choices);
    private static final Generator<Multiaddr> ADDRESSES = COMPONENTS.list(1, 6).map(MultiaddrPropertyTest::join);

    private static Multiaddr join(List<Component> components) {
        return Multiaddr.parse(components.stream().map(Component::toString).reduce("", String::concat));
    }

    private static Generator<Component> component(MultiaddrProtocol protocol) {
        return switch (protocol.value()) {
            case NONE -> just(new Component(protocol));
            case IP4, IP6, PORT, BYTE, LONG ->
                bytes(protocol.value().fixedBytes())
                        .map(bytes -> new Component(protocol, protocol.value().decode(bytes)));
            case ONION, ONION3 ->
                bytes(protocol.value().fixedBytes() - 1)
                        .map(bytes ->
                                new Component(protocol, protocol.value().decode(Bytes.concat(bytes, new byte[] {1}))));
            case CERTIFICATE_HASH ->
                bytes(32)
                        .map(digest -> new Component(
                                protocol, protocol.value().decode(Bytes.concat(new byte[] {0x12, 32}, digest))));
            case GARLIC32 ->
                bytes(32).map(bytes -> new Component(protocol, protocol.value().decode(bytes)));
            case GARLIC64 ->
                bytes(391).map(bytes -> new Component(protocol, protocol.value().decode(bytes)));
            case HTTP_PATH ->
                bytes(7).map(bytes -> new Component(protocol, protocol.value().decode(bytes)));
            case PATH -> just(new Component(protocol, "/a/b"));
            case PEER -> PEERS.map(peer -> new Component(protocol, peer));
            case NAME ->
                text(1, 50, c -> c != '/' && Printable.isSafe(Character.toString(c)))
                        .map(name -> new Component(protocol, name));
        };
    }

    @Test
    @Conforms({"MAD-1", "MAD-2", "MAD-4", "MAD-26"})
    void comesBackFromItsTextAndItsBytes() {
        Property.holds(draw -> {
            Multiaddr address = draw.of("address", ADDRESSES);

            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address).hasSameHashCodeAs(address);
            assertThat(Multiaddr.decode(address.bytes())).isEqualTo(address).hasToString(address.toString());
            assertThat(Multiaddr.decode(address.bytes()).components()).isEqualTo(address.components());
        });
    }

    @Test
    @Conforms("MAD-27")
    void decapsulatingUndoesEncapsulating() {
        Property.holds(draw -> {
            Multiaddr outer = draw.of("outer", ADDRESSES);
            Multiaddr inner = draw.of("inner", ADDRESSES);

            Multiaddr both = outer.encapsulate(inner);

            assertThat(both.bytes()).isEqualTo(Bytes.concat(outer.bytes(), inner.bytes()));
            // If the inner address repeats itself, its last occurrence starts after its first byte.
            assertThat(both.decapsulate(inner).toString()).startsWith(outer.toString());
            assertThat(both.decapsulate(inner).bytes().length).isLessThan(both.bytes().length);
        });
    }

    @Test
    @Conforms("MAD-24")
    void aCutIsRefusedOrWholeComponents() {
        Property.holds(draw -> {
            Multiaddr address = draw.of("address", ADDRESSES);
            byte[] whole = address.bytes();
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                try {
                    List<Component> parts = Multiaddr.decode(cut).components();

                    assertThat(parts).isEqualTo(address.components().subList(0, parts.size()));
                } catch (InvalidMultiaddrException refused) {
                    assertThat(refused).hasMessageNotContaining("\n");
                }
            }
        });
    }
}
