package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.minip2p.core.testing.Generator.bytes;
import static org.minip2p.core.testing.Generator.integers;
import static org.minip2p.core.testing.Generator.longs;
import static org.minip2p.core.testing.Generator.oneOf;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.minip2p.core.pb.KeyMessage;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Generator;
import org.minip2p.core.testing.Property;

/**
 * Keys of all four types. An RSA key takes seconds to make, so there are only two. Of the other types, each try makes a
 * new key.
 */
class KeyMessagesPropertyTest {
    /** Few, since making keys is slow. */
    private static final int TRIES = 12;

    private static final Generator<PrivateKey> MADE = oneOf(
            longs().map(seed -> key(KeyType.ED25519, Ed25519Key.generate(new Seeded(seed)))),
            longs().map(seed -> key(KeyType.SECP256K1, Secp256k1Key.generate(new Seeded(seed)))),
            longs().map(seed -> key(KeyType.ECDSA, EcdsaKey.generate(new Seeded(seed)))));
    private static final Generator<PrivateKey> KEYS = oneOf(
            MADE, MADE, MADE, MADE, Generator.of("spec-rsa", "go-fixture-rsa").map(KeyMessagesPropertyTest::rsa));

    /** Makes the same key for the same seed. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final Random random;

        Seeded(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }

    private static PrivateKey key(KeyType type, Signer signer) {
        try {
            return PrivateKey.decode(KeyTestData.message(type, signer.data()));
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKey rsa(String name) {
        try {
            return KeyTestData.privateKey(name);
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Conforms({"PID-1", "PID-3", "PID-4", "PID-5", "PID-6"})
    void publicAndPrivateKeysComeBackFromTheirMessages() {
        Property.holds(TRIES, draw -> {
            PrivateKey key = draw.of("key", KEYS);
            PublicKey publicKey = key.publicKey();

            assertThat(PublicKey.decode(publicKey.encoded())).isEqualTo(publicKey);
            assertThat(PublicKey.decode(publicKey.encoded()).encoded()).isEqualTo(publicKey.encoded());
            assertThat(PrivateKey.decode(key.encoded()).encoded()).isEqualTo(key.encoded());
            assertThat(PrivateKey.decode(key.encoded()).publicKey()).isEqualTo(publicKey);
            assertThat(publicKey.encoded()).startsWith(8, key.type().code(), 0x12);
        });
    }

    @Test
    void aSignatureIsTrueOfItsMessageAndKeyAlone() {
        PublicKey other = PrivateKey.generate(KeyType.ED25519).publicKey();

        Property.holds(TRIES, draw -> {
            PrivateKey key = draw.of("key", KEYS);
            byte[] message = draw.of("message", bytes());

            byte[] signature = key.sign(message);

            assertThat(key.publicKey().verify(message, signature)).isTrue();
            assertThat(key.publicKey().verify(KeyTestData.lengthen(message), signature))
                    .isFalse();
            assertThat(other.verify(message, signature)).isFalse();
        });
    }

    @Test
    @Conforms("PID-27")
    void aChangedSignatureIsFalse() {
        Property.holds(TRIES, draw -> {
            PrivateKey key = draw.of("key", KEYS);
            byte[] message = draw.of("message", bytes());
            byte[] signature = key.sign(message);

            byte[] changed =
                    KeyTestData.flip(signature, draw.of("changed bit", integers(0, signature.length * Byte.SIZE - 1)));

            assertThat(key.publicKey().verify(message, changed)).isFalse();
        });
    }

    @Test
    @Conforms({"PID-8", "PID-9"})
    void typesThatAreUnknownAreRefusedWithAnyData() {
        Property.holds(draw -> {
            byte[] message = KeyMessage.newBuilder()
                    .setType(draw.of("type", integers(4, Integer.MAX_VALUE)))
                    .setData(ByteString.copyFrom(draw.of("data", bytes())))
                    .build()
                    .toByteArray();

            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PublicKey.decode(message));
            assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PrivateKey.decode(message));
        });
    }
}
