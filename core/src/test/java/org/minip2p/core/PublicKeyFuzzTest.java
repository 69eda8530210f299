package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/** A key message of a peer is either accepted unchanged or refused with the declared exception. */
class PublicKeyFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            PublicKey key = PublicKey.decode(input);
            // Only an uncompressed secp256k1 point is written differently from how it was read (PID-22).
            if (key.encoded().length == input.length) {
                assertThat(key.encoded()).isEqualTo(input);
            } else {
                assertThat(key.type()).isEqualTo(KeyType.SECP256K1);
                assertThat(input).hasSize(key.encoded().length + 32);
            }
            assertThat(PublicKey.decode(key.encoded())).isEqualTo(key);
            assertThat(key.verify(input, input)).isFalse();
            return true;
        } catch (InvalidKeyException refusal) {
            return false;
        }
    }

    @TestFactory
    @Conforms({"PID-7", "PID-8", "PID-9"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(PublicKeyFuzzTest.class, PublicKeyFuzzTest::accepts, 1_500);
    }
}
