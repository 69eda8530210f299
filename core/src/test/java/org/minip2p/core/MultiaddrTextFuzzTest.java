package org.minip2p.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/**
 * Any text is either an address that can be read again from its canonical text, or refused with a message that is safe
 * to log.
 */
class MultiaddrTextFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            Multiaddr address = Multiaddr.parse(new String(input, UTF_8));
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
            assertThat(Multiaddr.decode(address.bytes())).isEqualTo(address);
            return true;
        } catch (IllegalArgumentException refusal) {
            assertThat(refusal).hasMessageNotContaining("\n");
            return false;
        } catch (InvalidMultiaddrException e) {
            throw new AssertionError("our own bytes", e);
        }
    }

    @TestFactory
    @Conforms({"MAD-2", "MAD-4"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(MultiaddrTextFuzzTest.class, MultiaddrTextFuzzTest::accepts);
    }
}
