package org.minip2p.core.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The numbers of one try of a property. They are drawn at random and recorded, or replayed from a record. Everything
 * that a {@link Generator} makes is made from them, so a record is the whole try, and a simpler record is a simpler
 * try.
 *
 * <p>Numbers are unsigned and begin at 0, which stands for the simplest value. A random number is a boundary, a number
 * of few bits, or uniformly distributed. Each try has its own share of boundaries: some tries consist of them and some
 * have none.
 */
public final class Choices {
    /** The shares of boundaries, in sixteenths. One try takes one of them. */
    private static final int[] BOUNDARY_SHARES = {0, 2, 6, 16};

    /** An empty record, from which every number is 0. */
    private static final long[] SIMPLEST = {};

    /**
     * A part of the record whose number of elements was drawn. Elements can be cut out of it.
     *
     * @param lengthAt the index in the record of the number of elements beyond the minimum
     * @param starts the index at which each element begins and, at the end, the index at which the last one ends
     */
    record Sequence(int lengthAt, List<Integer> starts) {
        int size() {
            return starts.size() - 1;
        }
    }

    private final SplittableRandom random;
    private final boolean isReplay;
    private final long[] replayed;
    private final int boundaryShare;
    private final List<Sequence> sequences = new ArrayList<>();
    private long[] drawn = new long[16];
    private int size;

    private Choices(SplittableRandom random, boolean isReplay, long[] replayed) {
        this.random = random;
        this.isReplay = isReplay;
        this.replayed = replayed;
        this.boundaryShare = BOUNDARY_SHARES[random.nextInt(BOUNDARY_SHARES.length)];
    }

    /** Random numbers, which are the same for the same seed. */
    static Choices random(long seed) {
        return new Choices(new SplittableRandom(seed), false, SIMPLEST);
    }

    /** The simplest choices: every number is 0. */
    static Choices simplest() {
        return replay(SIMPLEST);
    }

    /**
     * Numbers from a record. A number above the requested maximum is lowered to it. After the end of the record, every
     * number is 0.
     */
    static Choices replay(long[] record) {
        return new Choices(new SplittableRandom(0), true, record);
    }

    /**
     * Draws the next number.
     *
     * @param max the largest possible number, unsigned
     * @param boundaries numbers that are worth drawing often, besides 0, 1, the largest one and the powers of two
     */
    public long next(long max, long... boundaries) {
        if (max == 0) {
            return 0;
        }
        long number = isReplay ? replayed(max) : draw(max, boundaries);
        if (size == drawn.length) {
            drawn = Arrays.copyOf(drawn, 2 * size);
        }
        drawn[size++] = number;
        return number;
    }

    private long replayed(long max) {
        long number = size < replayed.length ? replayed[size] : 0;
        return Long.compareUnsigned(number, max) > 0 ? max : number;
    }

    private long draw(long max, long[] boundaries) {
        if (random.nextInt(16) < boundaryShare) {
            return random.nextInt(3) > 0 ? extreme(max, boundaries) : nearPowerOfTwo(max);
        }
        return random.nextBoolean() ? within(max, random.nextLong()) : ofFewBits(max);
    }

    private long extreme(long max, long[] boundaries) {
        int at = random.nextInt(6 + boundaries.length);
        return switch (at) {
            case 0, 1 -> 0;
            case 2, 3 -> max;
            case 4 -> 1;
            case 5 -> max - 1;
            default -> boundaries[at - 6];
        };
    }

    private long nearPowerOfTwo(long max) {
        return within(max, (1L << random.nextInt(bits(max))) + random.nextInt(-2, 3));
    }

    private long ofFewBits(long max) {
        int count = random.nextInt(bits(max) + 1);
        return count == 0 ? 0 : within(max, random.nextLong() >>> (Long.SIZE - count));
    }

    private static int bits(long max) {
        return Long.SIZE - Long.numberOfLeadingZeros(max);
    }

    private static long within(long max, long number) {
        return max == -1 ? number : Long.remainderUnsigned(number, max + 1);
    }

    /**
     * Makes a random number of elements.
     *
     * @param min the minimum number
     * @param max the maximum number
     * @param element draws one element
     */
    public void repeat(int min, int max, Runnable element) {
        List<Integer> starts = new ArrayList<>();
        if (min < max) {
            sequences.add(new Sequence(size, starts));
        }
        int count = min + (int) next(max - min);
        for (int i = 0; i < count; i++) {
            starts.add(size);
            element.run();
        }
        starts.add(size);
    }

    /** All numbers drawn so far. */
    long[] record() {
        return Arrays.copyOf(drawn, size);
    }

    /** The sequences drawn so far, an outer one before those inside it. */
    List<Sequence> sequences() {
        return sequences;
    }

    /** Whether this record is shorter than another one, or as long and lower at the first number that differs. */
    boolean isSimplerThan(Choices other) {
        return size != other.size ? size < other.size : Arrays.compareUnsigned(record(), other.record()) < 0;
    }
}
