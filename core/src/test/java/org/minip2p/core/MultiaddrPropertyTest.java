package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.minip2p.core.Multiaddr.Component;
import org.minip2p.core.testing.Conforms;

class MultiaddrPropertyTest {
    private static final List<String> PEERS = List.of(
            "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC");

    @Provide
    Arbitrary<Multiaddr> addresses() {
        return Arbitraries.of(MultiaddrProtocol.values())
                .flatMap(MultiaddrPropertyTest::component)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(MultiaddrPropertyTest::join);
    }

    private static Multiaddr join(List<Component> components) {
        return Multiaddr.parse(components.stream().map(Component::toString).reduce("", String::concat));
    }

    private static Arbitrary<Component> component(MultiaddrProtocol protocol) {
        return switch (protocol.value()) {
            case NONE -> Arbitraries.just(new Component(protocol));
            case IP4, IP6, PORT ->
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofSize(protocol.value().fixedBytes())
                        .map(bytes -> new Component(protocol, protocol.value().decode(bytes)));
            case PEER -> Arbitraries.of(PEERS).map(peer -> new Component(protocol, peer));
            case NAME ->
                Arbitraries.strings()
                        .all()
                        .ofMinLength(1)
                        .ofMaxLength(50)
                        .filter(name -> name.indexOf('/') < 0 && isUnicode(name))
                        .map(name -> new Component(protocol, name));
        };
    }

    private static boolean isUnicode(String name) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }

    @Property(tries = 200)
    @Conforms({"MAD-1", "MAD-2", "MAD-4", "MAD-26"})
    void comesBackFromItsTextAndItsBytes(@ForAll("addresses") Multiaddr address) throws InvalidMultiaddrException {
        assertThat(Multiaddr.parse(address.toString())).isEqualTo(address).hasSameHashCodeAs(address);
        assertThat(Multiaddr.decode(address.bytes())).isEqualTo(address).hasToString(address.toString());
        assertThat(Multiaddr.decode(address.bytes()).components()).isEqualTo(address.components());
    }

    @Property(tries = 200)
    @Conforms("MAD-27")
    void decapsulatingUndoesEncapsulating(@ForAll("addresses") Multiaddr outer, @ForAll("addresses") Multiaddr inner) {
        Multiaddr both = outer.encapsulate(inner);

        assertThat(both.bytes()).isEqualTo(Bytes.concat(outer.bytes(), inner.bytes()));
        // Where the inner address stands inside itself a second time, the last place is a later one.
        assertThat(both.decapsulate(inner).toString()).startsWith(outer.toString());
        assertThat(both.decapsulate(inner).bytes().length).isLessThan(both.bytes().length);
    }

    @Property(tries = 200)
    @Conforms("MAD-24")
    void aCutIsRefusedOrWholeComponents(@ForAll("addresses") Multiaddr address) {
        byte[] whole = address.bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            try {
                List<Component> parts = Multiaddr.decode(cut).components();

                assertThat(parts).isEqualTo(address.components().subList(0, parts.size()));
            } catch (InvalidMultiaddrException refused) {
                assertThat(refused).hasMessageNotContaining("\n");
            }
        }
    }
}
