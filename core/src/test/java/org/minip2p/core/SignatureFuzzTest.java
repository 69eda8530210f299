package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;

/**
 * Any bytes as a signature, after a byte that chooses the key. The check never throws. It is true only for the
 * signature that the owner makes, except for ECDSA, where a message has more than one.
 */
class SignatureFuzzTest {
    private static final List<PrivateKey> KEYS =
            List.of(key("spec-ed25519"), key("go-fixture-secp256k1"), key("go-fixture-ecdsa"), key("go-fixture-rsa"));

    private static PrivateKey key(String name) {
        try {
            return KeyTestData.privateKey(name);
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) {
        accepts(input);
    }

    private static boolean accepts(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        PrivateKey key = KEYS.get((input[0] & 0xff) % KEYS.size());
        byte[] signature = Arrays.copyOfRange(input, 1, input.length);
        boolean isTrue = key.publicKey().verify(KeyTestData.FIXTURE_MESSAGE, signature);
        if (isTrue && key.type() != KeyType.ECDSA) {
            assertThat(signature).isEqualTo(key.sign(KeyTestData.FIXTURE_MESSAGE));
        }
        return isTrue;
    }

    @TestFactory
    @Conforms({"PID-20", "PID-27"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(SignatureFuzzTest.class, SignatureFuzzTest::accepts, 1_500);
    }
}
