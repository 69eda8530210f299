package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/** The binary form of an address is either accepted unchanged or refused with the declared exception. */
class MultiaddrFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            Multiaddr address = Multiaddr.decode(input);
            assertThat(address.bytes()).isEqualTo(input);
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
            assertThat(address.tcp().isPresent() && address.components().size() < 2)
                    .isFalse();
            assertThat(address.peerId().map(address::withPeerId).orElse(address))
                    .isEqualTo(address);
            return true;
        } catch (InvalidMultiaddrException refusal) {
            return false;
        }
    }

    @TestFactory
    @Conforms({"MAD-1", "MAD-4", "MAD-24"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(MultiaddrFuzzTest.class, MultiaddrFuzzTest::accepts);
    }
}
