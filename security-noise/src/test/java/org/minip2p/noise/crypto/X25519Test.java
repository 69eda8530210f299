package org.minip2p.noise.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.Conscrypt;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.HeapDump;

class X25519Test {
    static Stream<X25519> implementations() {
        return Stream.of(
                new BouncyCastleX25519(),
                new ConscryptX25519(Conscrypt.provider().orElseThrow()));
    }

    /** RFC 7748, section 6.1. */
    @ParameterizedTest
    @MethodSource("implementations")
    void makesTheKeyPairOfTheRfc(X25519 x25519) {
        byte[] alice = HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");

        assertThat(x25519.keyPair(alice).publicKey())
                .isEqualTo(HexFormat.of().parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void makesOtherKeysEachTimeThatBelongTogether(X25519 x25519) {
        KeyPair pair = x25519.generate();

        assertThat(x25519.generate().privateKey()).isNotEqualTo(pair.privateKey());
        assertThat(x25519.keyPair(pair.privateKey()).publicKey()).isEqualTo(pair.publicKey());
    }

    /** RFC 7748, section 6.1. */
    @ParameterizedTest
    @MethodSource("implementations")
    void agreesOnTheSecretOfTheRfc(X25519 x25519) {
        byte[] alice = HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = HexFormat.of().parseHex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        byte[] secret = new byte[32];

        x25519.agree(alice, bob, secret);

        assertThat(secret)
                .isEqualTo(HexFormat.of().parseHex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void bothSidesArriveAtTheSameSecret(X25519 x25519) {
        KeyPair alice = x25519.generate();
        KeyPair bob = x25519.generate();
        byte[] first = new byte[32];
        byte[] second = new byte[32];

        assertThat(x25519.agree(alice.privateKey(), bob.publicKey(), first)).isTrue();
        assertThat(x25519.agree(bob.privateKey(), alice.publicKey(), second)).isTrue();

        assertThat(first).isEqualTo(second).isNotEqualTo(new byte[32]);
    }

    @Conforms("NOI-18")
    @ParameterizedTest
    @MethodSource("implementations")
    void reportsAZeroSecretForEveryPointOfLowOrder(X25519 x25519) {
        KeyPair pair = x25519.generate();

        for (String point : Vectors.load("noise-xx").texts("low_order_points")) {
            byte[] secret = pair.publicKey().clone();

            boolean isSecret = x25519.agree(pair.privateKey(), HexFormat.of().parseHex(point), secret);

            assertThat(isSecret).as(point).isFalse();
            assertThat(secret).as(point).isEqualTo(new byte[32]);
        }
    }

    @Conforms("NOI-19")
    @ParameterizedTest
    @MethodSource("implementations")
    void ignoresTheTopBitOfAPublicKey(X25519 x25519) {
        KeyPair alice = x25519.generate();
        KeyPair bob = x25519.generate();
        byte[] expected = new byte[32];
        x25519.agree(alice.privateKey(), bob.publicKey(), expected);
        byte[] withTopBit = bob.publicKey().clone();
        withTopBit[31] |= (byte) 0x80;
        byte[] secret = new byte[32];

        assertThat(x25519.agree(alice.privateKey(), withTopBit, secret)).isTrue();

        assertThat(secret).isEqualTo(expected);
    }

    /** A library gives out a private key in an encoding: two bytes of ASN.1, then the key. */
    @ParameterizedTest
    @MethodSource("implementations")
    void leavesNoEncodingOfAPrivateKeyThatItGenerated(X25519 x25519) {
        byte[] masked = new byte[X25519.KEY_BYTES];
        HeapDump heap = HeapDump.withGarbageOf(() -> {
            byte[] privateKey = x25519.generate().privateKey();
            for (int i = 0; i < masked.length; i++) {
                masked[i] = (byte) ~privateKey[i];
            }
        });
        byte[] encoding = new byte[2 + masked.length];
        encoding[0] = 4;
        encoding[1] = 32;
        for (int i = 0; i < masked.length; i++) {
            encoding[2 + i] = (byte) ~masked[i];
        }

        assertThat(heap.find(List.of(encoding))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void wipesAPrivateKey(X25519 x25519) {
        KeyPair pair = x25519.generate();
        KeyPair copy = pair.copy();

        pair.wipe();

        assertThat(pair.privateKey()).isEqualTo(new byte[32]);
        assertThat(copy.privateKey()).isNotEqualTo(new byte[32]);
    }
}
