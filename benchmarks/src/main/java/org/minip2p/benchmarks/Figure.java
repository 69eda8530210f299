package org.minip2p.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("value", rounded(value));
        members.put("unit", unit);
        members.put("floor", rounded(floor));
        members.put("ratio", rounded(ratio()));
        members.put("target", target == null ? null : target.toString());
        members.put("met", isMet());
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The digits that count; null for what JSON has no number for: the ratio to a floor of 0. */
    private static @Nullable BigDecimal rounded(@Nullable Double number) {
        return number == null || !Double.isFinite(number) ? null : new BigDecimal(number(number));
    }

    /** What {@link #toJson} writes, as far as it is not computed. */
    private record Members(
            @Nullable String name,
            @Nullable Double value,
            @Nullable String unit,
            @Nullable Double floor,
            @Nullable String target) {}

    /**
     * What {@link #toJson} wrote.
     *
     * @throws IOException when it is something else
     */
    static Figure parse(String json) throws IOException {
        Members members = JSON.std.beanFrom(Members.class, json);
        if (members.name() == null || members.value() == null || members.unit() == null) {
            throw new IOException("expected a figure, got: " + json);
        }
        Target target = members.target() == null ? null : Target.parse(members.target());
        return new Figure(members.name(), members.value(), members.unit(), members.floor(), target);
    }

    /** Three or more digits that count. */
    static String number(double number) {
        if (number == Math.rint(number)) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, Math.abs(number) >= 100 ? "%.0f" : "%.3g", number);
    }
}
