package org.minip2p.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Vectors;

/**
 * Random and mutated input to every decoder: only the exception that it declares comes out, and what it accepts is written back
 * as it was read. Seeded, so a failure comes again.
 */
class DecoderFuzzTest {
    private static final int INPUTS = 100_000;

    /** Text is the caller's, and each goes into two parsers. */
    private static final int TEXT_INPUTS = 50_000;

    /** Private keys come from the owner's file, and each that is accepted costs a multiplication on its curve. */
    private static final int PRIVATE_KEY_INPUTS = 20_000;

    private static final int MAX_RANDOM_BYTES = 64;

    /** A seed as it is tells little, and is what costs most. */
    private static final int UNCHANGED_ONE_IN = 50;

    /** A decoder: gives what it would write, or throws what it declares. */
    private interface Decoder {
        byte[] decodeAndEncode(byte[] input) throws Libp2pException;
    }

    @Test
    void varintsOnlyEverFailAsDeclared() {
        fuzz(1, INPUTS, hexes(Vectors.load("varint"), "valid", "hex"), input -> {
            ByteBuffer in = ByteBuffer.wrap(input);
            byte[] encoded = Varint.encode(Varint.decode(in));
            return Bytes.concat(encoded, Arrays.copyOfRange(input, in.position(), input.length));
        });
    }

    @Test
    void peerIdsOnlyEverFailAsDeclared() {
        fuzz(2, INPUTS, hexes(KeyTestData.PEER_IDS, "keys", "peer_id_bytes"), input -> {
            PeerId id = PeerId.decode(input);
            assertThat(id.publicKey().map(PeerId::of).orElse(id)).isEqualTo(id);
            return id.bytes();
        });
    }

    @Test
    void multiaddrsOnlyEverFailAsDeclared() {
        fuzz(3, INPUTS, hexes(Vectors.load("multiaddr"), "valid", "hex"), input -> {
            Multiaddr address = Multiaddr.decode(input);
            assertThat(address.tcp().isPresent() && address.components().size() < 2)
                    .isFalse();
            address.peerId();
            return Multiaddr.parse(address.toString()).bytes();
        });
    }

    @Test
    void publicKeysOnlyEverFailAsDeclared() {
        fuzz(
                4,
                INPUTS,
                hexes(KeyTestData.PEER_IDS, "keys", "public_key_protobuf"),
                input -> PublicKey.decode(input).encoded());
    }

    @Test
    void privateKeysOnlyEverFailAsDeclared() {
        fuzz(
                5,
                PRIVATE_KEY_INPUTS,
                hexes(KeyTestData.PEER_IDS, "keys", "private_key_protobuf"),
                input -> PrivateKey.decode(input).encoded());
    }

    @Test
    void signaturesOfAnyShapeAreOnlyEverTrueOrFalse() throws InvalidKeyException {
        List<byte[]> seeds = new ArrayList<>();
        List<PublicKey> keys = new ArrayList<>();
        for (Vectors vector : KeyTestData.keys()) {
            keys.add(PublicKey.decode(vector.hex("public_key_protobuf")));
            seeds.addAll(vector.list("signatures").stream()
                    .map(signed -> signed.hex("signature"))
                    .toList());
        }
        Random random = new Random(6);
        int taken = 0;
        for (int i = 0; i < 5_000; i++) {
            PublicKey key = keys.get(random.nextInt(keys.size()));
            taken += key.verify(new byte[] {1}, next(random, seeds)) ? 1 : 0;
        }
        assertThat(taken).isZero();
    }

    @Test
    void textOnlyEverFailsAsAnIllegalArgument() {
        List<String> seeds = new ArrayList<>();
        Vectors.load("multiaddr").list("valid").forEach(vector -> seeds.add(vector.text("text")));
        KeyTestData.PEER_IDS.list("text_forms").forEach(vector -> seeds.addAll(vector.texts("texts")));
        List<byte[]> bytes = seeds.stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        Random random = new Random(7);
        int accepted = 0;
        for (int i = 0; i < TEXT_INPUTS; i++) {
            String text = new String(next(random, bytes), StandardCharsets.ISO_8859_1);
            accepted += comesBack(text, Multiaddr::parse) ? 1 : 0;
            accepted += comesBack(text, PeerId::parse) ? 1 : 0;
        }
        assertThat(accepted).isPositive();
    }

    /** Whether the text is taken; then what is made of it has to come back from its own text. */
    private static boolean comesBack(String text, Function<String, Object> parser) {
        Object made;
        try {
            made = parser.apply(text);
        } catch (IllegalArgumentException expected) {
            if (String.valueOf(expected.getMessage()).indexOf('\n') >= 0) {
                throw new AssertionError("not fit for a log", expected);
            }
            return false;
        }
        assertThat(parser.apply(made.toString())).isEqualTo(made);
        return true;
    }

    private static void fuzz(long seed, int inputs, List<byte[]> seeds, Decoder decoder) {
        Random random = new Random(seed);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] input = next(random, seeds);
            byte[] given = input.clone();
            try {
                byte[] written = decoder.decodeAndEncode(input);
                accepted++;
                if (!Arrays.equals(written, given)) {
                    throw new AssertionError("written " + Hex.text(written) + " for " + Hex.text(given));
                }
            } catch (Libp2pException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("for " + Hex.text(given), e);
            }
            if (!Arrays.equals(input, given)) {
                throw new AssertionError("the decoder changed its input " + Hex.text(given));
            }
        }
        assertThat(accepted).isPositive();
        assertThat(refused).isPositive();
    }

    /** Random bytes, or a seed with some of its bytes changed, cut, lengthened or joined with another. */
    private static byte[] next(Random random, List<byte[]> seeds) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(MAX_RANDOM_BYTES)];
            random.nextBytes(bytes);
            return bytes;
        }
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        int most = random.nextInt(UNCHANGED_ONE_IN) == 0 ? 0 : 1 + random.nextInt(3);
        for (int changes = 0; changes < most; changes++) {
            bytes = mutate(random, bytes, seeds);
        }
        return bytes;
    }

    private static byte[] mutate(Random random, byte[] bytes, List<byte[]> seeds) {
        int at = random.nextInt(Math.max(1, bytes.length));
        return switch (random.nextInt(5)) {
            case 0 -> bytes.length == 0 ? bytes : KeyTestData.flip(bytes, at * Byte.SIZE + random.nextInt(Byte.SIZE));
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4));
            case 3 -> Bytes.concat(Arrays.copyOf(bytes, at), seeds.get(random.nextInt(seeds.size())));
            default -> {
                byte[] changed = bytes.clone();
                if (changed.length > 0) {
                    changed[at] = new byte[] {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '/'}[random.nextInt(6)];
                }
                yield changed;
            }
        };
    }

    private static List<byte[]> hexes(Vectors vectors, String list, String key) {
        return vectors.list(list).stream().map(vector -> vector.hex(key)).toList();
    }
}
