package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs a fuzz target in the build: on each of its seeds, then on some thousand changed seeds. {@code docs/fuzzing.md}
 * describes a target and how Jazzer runs it.
 *
 * <p>The seeds of {@code XFuzzTest} are in {@code src/test/resources/fuzz/XFuzzTest.seeds}, one per line: {@code +} if
 * the target accepts the input or {@code -} if it refuses it, a name, and the bytes in hexadecimal.
 */
public final class FuzzSeeds {
    /** Enough to reach every branch near the seeds, and few enough to take less than a second. */
    private static final int MUTANTS = 3_000;

    private static final int MAX_RANDOM_BYTES = 64;
    private static final byte[] NOTABLE = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '/', '\n'};

    /** A decoder, and the checks of its result. */
    @FunctionalInterface
    public interface Target {
        /**
         * Decodes the input and checks the result.
         *
         * @return whether the input was accepted; false for a refusal with the declared exception; anything else is
         *     thrown
         */
        boolean accepts(byte[] input) throws Exception;
    }

    private record Seed(boolean isAccepted, String name, String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    private FuzzSeeds() {}

    /** A test for each seed, and one for all changed seeds. */
    public static Stream<DynamicTest> replay(Class<?> owner, Target target) {
        return replay(owner, target, MUTANTS);
    }

    /** As {@link #replay(Class, Target)}, with another number of changed seeds for a slow target. */
    public static Stream<DynamicTest> replay(Class<?> owner, Target target, int mutants) {
        List<Seed> seeds = load(owner);
        assertThat(seeds).as("some seed is accepted").anyMatch(Seed::isAccepted);
        assertThat(seeds).as("some seed is refused").anyMatch(seed -> !seed.isAccepted());
        return Stream.concat(
                seeds.stream()
                        .map(seed -> DynamicTest.dynamicTest(
                                (seed.isAccepted() ? "takes " : "refuses ") + seed.name(),
                                () -> assertThat(run(target, seed.bytes())).isEqualTo(seed.isAccepted()))),
                Stream.of(DynamicTest.dynamicTest(mutants + " changed seeds", () -> mutate(target, seeds, mutants))));
    }

    /** The seed of the randomness is the number of the input, so that a failure is repeatable. */
    private static void mutate(Target target, List<Seed> seeds, int mutants) {
        List<byte[]> originals = seeds.stream().map(Seed::bytes).toList();
        for (int i = 0; i < mutants; i++) {
            run(target, mutant(new Random(i), originals));
        }
    }

    private static boolean run(Target target, byte[] input) {
        byte[] given = input.clone();
        boolean isAccepted;
        try {
            isAccepted = target.accepts(given);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("for the input " + HexFormat.of().formatHex(input), e);
        }
        assertThat(given).as("the target must not change the input").isEqualTo(input);
        return isAccepted;
    }

    /** Random bytes, or a seed with some of its bytes changed, cut, lengthened or joined with another. */
    private static byte[] mutant(Random random, List<byte[]> seeds) {
        if (random.nextInt(6) == 0) {
            byte[] bytes = new byte[random.nextInt(MAX_RANDOM_BYTES)];
            random.nextBytes(bytes);
            return bytes;
        }
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes = change(random, bytes, seeds);
        }
        return bytes;
    }

    private static byte[] change(Random random, byte[] bytes, List<byte[]> seeds) {
        int at = random.nextInt(Math.max(1, bytes.length));
        byte[] changed = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> changed = Arrays.copyOf(bytes, at);
            case 1 -> changed = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4));
            case 2 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                changed = Arrays.copyOf(bytes, at + other.length);
                System.arraycopy(other, 0, changed, at, other.length);
            }
            case 3 -> {
                if (changed.length > 0) {
                    changed[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                }
            }
            default -> {
                if (changed.length > 0) {
                    changed[at] = NOTABLE[random.nextInt(NOTABLE.length)];
                }
            }
        }
        return changed;
    }

    private static List<Seed> load(Class<?> owner) {
        String resource = "/fuzz/" + owner.getSimpleName() + ".seeds";
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            List<Seed> seeds = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    seeds.add(seed(line));
                }
            }
            return seeds;
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static Seed seed(String line) {
        String[] parts = line.strip().split(" +", -1);
        if (parts.length < 2 || parts.length > 3 || !(parts[0].equals("+") || parts[0].equals("-"))) {
            throw new IllegalArgumentException("a seed is + or -, a name and hexadecimal, not: " + line);
        }
        return new Seed(parts[0].equals("+"), parts[1], parts.length == 3 ? parts[2] : "");
    }
}
