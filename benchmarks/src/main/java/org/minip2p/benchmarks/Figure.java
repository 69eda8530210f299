package org.minip2p.benchmarks;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, beside what bounds it and what was wanted.
 *
 * @param name what it is: lower-case words and slashes, such as {@code bulk/stream/conscrypt}
 * @param value the median
 * @param unit such as {@code MiB/s}, {@code µs}, {@code B}
 * @param floor the same of the floor or the other side, taken in the same run; null where there is none
 * @param target what is wanted; null where nothing is
 */
record Figure(
        String name,
        double value,
        String unit,
        @Nullable Double floor,
        @Nullable Target target) {

    /**
     * What is wanted of a figure.
     *
     * @param of whether the bound is one of the value or of its ratio to the floor
     * @param atLeast whether more is better
     * @param bound the worst that is good enough
     */
    record Target(Of of, boolean atLeast, double bound) {
        enum Of {
            VALUE,
            RATIO
        }

        static Target parse(String text) {
            boolean isRatio = text.endsWith(" x");
            String bound = text.substring(3, text.length() - (isRatio ? 2 : 0));
            return new Target(isRatio ? Of.RATIO : Of.VALUE, text.startsWith(">="), Double.parseDouble(bound));
        }

        @Override
        public String toString() {
            return (atLeast ? ">= " : "<= ") + number(bound) + (of == Of.RATIO ? " x" : "");
        }
    }

    static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null, null);
    }

    /** The same under another name. */
    Figure named(String newName) {
        return new Figure(newName, value, unit, floor, target);
    }

    Figure beside(double floor) {
        return new Figure(name, value, unit, floor, target);
    }

    Figure atLeast(double bound) {
        return new Figure(name, value, unit, floor, new Target(Target.Of.VALUE, true, bound));
    }

    Figure atMost(double bound) {
        return new Figure(name, value, unit, floor, new Target(Target.Of.VALUE, false, bound));
    }

    Figure ratioAtLeast(double bound) {
        return new Figure(name, value, unit, floor, new Target(Target.Of.RATIO, true, bound));
    }

    Figure ratioAtMost(double bound) {
        return new Figure(name, value, unit, floor, new Target(Target.Of.RATIO, false, bound));
    }

    /** The value by the floor. */
    @Nullable Double ratio() {
        return floor == null ? null : value / floor;
    }

    /** Whether it is as wanted; null where nothing is. */
    @Nullable Boolean isMet() {
        if (target == null) {
            return null;
        }
        Double measured = target.of() == Target.Of.RATIO ? ratio() : Double.valueOf(value);
        return measured != null && (target.atLeast() ? measured >= target.bound() : measured <= target.bound());
    }

    /** As one line of JSON. */
    String toJson() {
        return "{\"name\":\"" + name + "\",\"value\":" + number(value) + ",\"unit\":\"" + unit + "\",\"floor\":"
                + orNull(floor) + ",\"ratio\":" + orNull(ratio()) + ",\"target\":"
                + (target == null ? "null" : '"' + target.toString() + '"') + ",\"met\":" + isMet() + "}";
    }

    /**
     * What {@link #toJson} wrote.
     *
     * @throws IOException when it is something else
     */
    static Figure parse(String json) throws IOException {
        String name = Program.member(json, "name");
        String value = Program.member(json, "value");
        String unit = Program.member(json, "unit");
        if (name == null || value == null || unit == null) {
            throw new IOException("expected a figure, got: " + json);
        }
        String floor = Program.member(json, "floor");
        String target = Program.member(json, "target");
        return new Figure(
                name,
                Double.parseDouble(value),
                unit,
                floor == null ? null : Double.valueOf(floor),
                target == null ? null : Target.parse(target));
    }

    private static String orNull(@Nullable Double number) {
        return number == null ? "null" : number(number);
    }

    /** Three or more digits that count. */
    static String number(double number) {
        if (number == Math.rint(number)) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, Math.abs(number) >= 100 ? "%.0f" : "%.3g", number);
    }
}
