package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.minip2p.core.testing.Conforms;

/** Keys of all four types: RSA is made in seconds, so it is one of few; of the others each try has its own. */
class KeyMessagesPropertyTest {
    private static final List<PrivateKey> RSA = List.of(key("spec-rsa"), key("go-fixture-rsa"));

    private static PrivateKey key(String name) {
        try {
            return KeyTestData.privateKey(name);
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    @Provide
    Arbitrary<PrivateKey> keys() {
        Arbitrary<PrivateKey> made = Arbitraries.of(KeyType.ED25519, KeyType.SECP256K1, KeyType.ECDSA)
                .map(PrivateKey::generate)
                .dontShrink();
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, made), net.jqwik.api.Tuple.of(1, Arbitraries.of(RSA)));
    }

    @Property(tries = 12)
    @Conforms({"PID-1", "PID-3", "PID-4", "PID-5", "PID-6"})
    void publicAndPrivateKeysComeBackFromTheirMessages(@ForAll("keys") PrivateKey key) throws InvalidKeyException {
        PublicKey publicKey = key.publicKey();

        assertThat(PublicKey.decode(publicKey.encoded())).isEqualTo(publicKey);
        assertThat(PublicKey.decode(publicKey.encoded()).encoded()).isEqualTo(publicKey.encoded());
        assertThat(PrivateKey.decode(key.encoded()).encoded()).isEqualTo(key.encoded());
        assertThat(PrivateKey.decode(key.encoded()).publicKey()).isEqualTo(publicKey);
        assertThat(publicKey.encoded()).startsWith(8, key.type().code(), 0x12);
    }

    @Property(tries = 12)
    void aSignatureIsTrueOfItsMessageAndKeyAlone(@ForAll("keys") PrivateKey key, @ForAll byte[] message) {
        byte[] signature = key.sign(message);

        assertThat(key.publicKey().verify(message, signature)).isTrue();
        assertThat(key.publicKey().verify(KeyTestData.lengthen(message), signature))
                .isFalse();
        assertThat(PrivateKey.generate(KeyType.ED25519).publicKey().verify(message, signature))
                .isFalse();
    }

    @Property(tries = 12)
    @Conforms("PID-27")
    void aChangedSignatureIsFalse(
            @ForAll("keys") PrivateKey key, @ForAll byte[] message, @ForAll @IntRange(max = 100_000) int at) {
        byte[] signature = key.sign(message);

        byte[] changed = KeyTestData.flip(signature, at % (signature.length * Byte.SIZE));

        assertThat(key.publicKey().verify(message, changed)).isFalse();
    }

    @Property
    @Conforms({"PID-8", "PID-9"})
    void typesThatAreUnknownAreRefusedWithAnyData(@ForAll @IntRange(min = 4) int type, @ForAll byte[] data) {
        byte[] message = org.minip2p.core.pb.KeyMessage.newBuilder()
                .setType(type)
                .setData(com.google.protobuf.ByteString.copyFrom(data))
                .build()
                .toByteArray();

        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PublicKey.decode(message));
        assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(() -> PrivateKey.decode(message));
    }
}
