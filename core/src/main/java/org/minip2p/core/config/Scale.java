package org.minip2p.core.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whole numbers with a unit: {@code 30s}, {@code 16MiB}.
 *
 * @param units the largest first
 * @param zeroUnit the unit of a printed zero
 */
record Scale(List<Unit> units, String zeroUnit) {
    /**
     * A unit.
     *
     * @param name written after the number
     * @param size in the smallest unit
     */
    record Unit(String name, long size) {}

    static final Scale ONES = new Scale(List.of(new Unit("", 1)), "");

    static final Scale BYTES = new Scale(
            List.of(
                    new Unit("TiB", 1L << 40),
                    new Unit("GiB", 1 << 30),
                    new Unit("MiB", 1 << 20),
                    new Unit("KiB", 1 << 10),
                    new Unit("", 1)),
            "");

    static final Scale NANOSECONDS = new Scale(
            List.of(
                    new Unit("h", 3_600_000_000_000L),
                    new Unit("m", 60_000_000_000L),
                    new Unit("s", 1_000_000_000),
                    new Unit("ms", 1_000_000),
                    new Unit("us", 1_000),
                    new Unit("ns", 1)),
            "s");

    /** As many digits as surely fit a long. */
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([+-]?\\d{1,18})([A-Za-z]*)");

    /** The number in the smallest unit; null when the text is invalid, or the number does not fit. */
    @Nullable Long parse(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        for (Unit unit : units) {
            if (unit.name().equals(matcher.group(2))) {
                // The product's upper half is its sign alone, unless it overflows.
                long product = number * unit.size();
                return Math.multiplyHigh(number, unit.size()) == product >> 63 ? product : null;
            }
        }
        return null;
    }

    /** As {@link #parse}, of an int. */
    @Nullable Integer parseInt(String text) {
        Long number = parse(text);
        return number == null || number != number.intValue() ? null : number.intValue();
    }

    /** The number with the largest unit of which it is a whole multiple. */
    String print(long number) {
        if (number == 0) {
            return "0" + zeroUnit;
        }
        for (Unit unit : units) {
            if (number % unit.size() == 0) {
                return number / unit.size() + unit.name();
            }
        }
        throw new IllegalStateException("no unit of size 1 in " + units);
    }
}
