package org.minip2p.core.testing;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Simplifies a failing try: it cuts elements out of sequences, sets ranges of numbers to 0, lowers single numbers, and
 * keeps each change with which the try still fails. It ends when no such change is left, or when its runs or 10 s are
 * used up.
 */
final class Shrinker {
    /** A simpler failure is not worth a test's whole time limit. */
    private static final long MAX_NANOS = Duration.ofSeconds(10).toNanos();

    private final Predicate<Choices> fails;
    private Choices best;
    private final long deadlineNanos = System.nanoTime() + MAX_NANOS;
    private int runsLeft;
    private int steps;

    /**
     * @param failing a try that fails
     * @param fails runs a try and returns whether it fails in the same way
     * @param maxRuns how often {@code fails} may be called
     */
    Shrinker(Choices failing, Predicate<Choices> fails, int maxRuns) {
        this.best = failing;
        this.fails = fails;
        this.runsLeft = maxRuns;
    }

    /** Returns the simplest failing try that was found. */
    Choices shrink() {
        int before;
        do {
            before = steps;
            cutElements();
            clearStretches();
            lowerNumbers();
        } while (steps > before && hasRunsLeft());
        return best;
    }

    /** How many times a simpler try was found. */
    int steps() {
        return steps;
    }

    private boolean hasRunsLeft() {
        return runsLeft > 0 && System.nanoTime() - deadlineNanos < 0;
    }

    private boolean accept(long[] record) {
        if (!hasRunsLeft()) {
            return false;
        }
        runsLeft--;
        Choices candidate = Choices.replay(record);
        // Compares the drawn numbers, not the requested ones, since a lower number may make the property draw more.
        if (!fails.test(candidate) || !candidate.isSimplerThan(best)) {
            return false;
        }
        best = candidate;
        steps++;
        return true;
    }

    /** Cuts larger chunks first, and from the end, so that the remaining elements keep their places. */
    private void cutElements() {
        for (int i = 0; i < best.sequences().size(); i++) {
            for (int count = elements(i); count > 0; count /= 2) {
                for (int from = elements(i) - count; from >= 0; from = Math.min(from, elements(i)) - count) {
                    cut(i, from, count);
                }
            }
        }
    }

    private int elements(int index) {
        return index < best.sequences().size() ? best.sequences().get(index).size() : 0;
    }

    private void cut(int index, int from, int count) {
        Choices.Sequence sequence = best.sequences().get(index);
        long[] record = best.record();
        if (record[sequence.lengthAt()] < count) {
            return; // too few elements would be left
        }
        record[sequence.lengthAt()] -= count;
        int start = sequence.starts().get(from);
        int end = sequence.starts().get(from + count);
        System.arraycopy(record, end, record, start, record.length - end);
        accept(Arrays.copyOf(record, record.length - (end - start)));
    }

    private void clearStretches() {
        for (int length = best.record().length; length > 1; length /= 2) {
            for (int from = 0; from < best.record().length; from += length) {
                long[] record = best.record();
                Arrays.fill(record, from, Math.min(from + length, record.length), 0);
                if (!Arrays.equals(record, best.record())) {
                    accept(record);
                }
            }
        }
    }

    private void lowerNumbers() {
        for (int i = 0; i < best.record().length; i++) {
            if (best.record()[i] == 0 || accept(with(i, 0))) {
                continue;
            }
            // With 0 the try does not fail, with the present number it does. Bisect between them.
            long passing = 0;
            while (i < best.record().length && best.record()[i] - passing != 1 && hasRunsLeft()) {
                long middle = passing + ((best.record()[i] - passing) >>> 1);
                if (!accept(with(i, middle))) {
                    passing = middle;
                }
            }
        }
    }

    private long[] with(int index, long number) {
        long[] record = best.record();
        record[index] = number;
        return record;
    }
}
