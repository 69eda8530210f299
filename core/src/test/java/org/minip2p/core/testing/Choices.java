package org.minip2p.core.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The numbers that one try of a property is made of: drawn at random and recorded, or replayed from a record. All that a
 * {@link Generator} makes comes from here, so a record is the whole try, and a simpler record is a simpler try.
 *
 * <p>Numbers are unsigned and begin at 0, which stands for the simplest value. Random ones are by turns boundaries, of few bits, and spread
 * evenly: each try has its own share of boundaries, so that some tries consist of them and some have none.
 */
public final class Choices {
    /** The shares of boundaries, in sixteenths. One try takes one of them. */
    private static final int[] BOUNDARY_SHARES = {0, 2, 6, 16};

    /** Replays nothing: every number is 0. */
    private static final long[] SIMPLEST = {};

    /**
     * A part of the record whose length was drawn: elements can be cut out of it.
     *
     * @param lengthAt where the record has the number of elements that are there beyond the fewest
     * @param starts where each element begins and, last, where the last one ends
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

    /** Random numbers, the same for the same seed. */
    static Choices random(long seed) {
        return new Choices(new SplittableRandom(seed), false, SIMPLEST);
    }

    /** The simplest of everything. */
    static Choices simplest() {
        return replay(SIMPLEST);
    }

    /** Numbers from a record, lowered where they are beyond what is asked for; 0 behind its end. */
    static Choices replay(long[] record) {
        return new Choices(new SplittableRandom(0), true, record);
    }

    /**
     * The next number.
     *
     * @param max the largest, unsigned
     * @param boundaries numbers that deserve to be drawn often, beside 0, 1, the largest and the powers of two
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
     * Makes elements, as many as are drawn.
     *
     * @param min the fewest
     * @param max the most
     * @param element draws one
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

    /** Everything that was drawn so far. */
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
