package org.minip2p.core.testing;

/**
 * Orders the numbers of a range outwards from the one closest to 0: 0, -1, 1, -2, 2, and so on, then the rest of the
 * longer side.
 *
 * @param min the lowest number
 * @param max the highest number
 */
record Zigzag(long min, long max) {
    Zigzag {
        if (min > max) {
            throw new IllegalArgumentException("no number from " + min + " to " + max);
        }
    }

    private long origin() {
        return Math.max(min, Math.min(max, 0));
    }

    /** The length of the shorter side. */
    private long both() {
        long below = origin() - min;
        long above = max - origin();
        return Long.compareUnsigned(below, above) < 0 ? below : above;
    }

    long number(long choice) {
        if (Long.compareUnsigned(choice, 2 * both()) <= 0) {
            return origin() + ((choice & 1) == 0 ? choice >>> 1 : -(choice >>> 1) - 1);
        }
        long distance = choice - both();
        return Long.compareUnsigned(origin() - min, max - origin()) > 0 ? origin() - distance : origin() + distance;
    }

    long choice(long number) {
        long above = number - origin();
        long distance = number < origin() ? -above : above;
        if (Long.compareUnsigned(distance, both()) > 0) {
            return both() + distance;
        }
        return number < origin() ? 2 * distance - 1 : 2 * distance;
    }
}
