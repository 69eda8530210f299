package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.FuzzSeeds;

/** The content of a key file is either accepted unchanged or refused with the declared exception. */
class PrivateKeyFuzzTest {
    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        try {
            PrivateKey key = PrivateKey.decode(input);
            // The old form of an Ed25519 key has its public half twice (PID-18).
            assertThat(key.encoded().length).isIn(input.length, input.length - 32);
            assertThat(PrivateKey.decode(key.encoded()).publicKey()).isEqualTo(key.publicKey());
            return true;
        } catch (InvalidKeyException refusal) {
            // The message may get into a log, and the input is a secret.
            assertThat(refusal.getCause()).isNull();
            return false;
        }
    }

    @TestFactory
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(PrivateKeyFuzzTest.class, PrivateKeyFuzzTest::accepts, 1_000);
    }
}
