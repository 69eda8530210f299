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
 * A measured value, with its floor and its target.
 *
 * @param name its name: lower-case words and slashes, such as {@code bulk/stream/conscrypt}
 * @param value the median
 * @param unit such as {@code MiB/s}, {@code µs}, {@code B}
 * @param floor the same value of the floor or of another implementation, from the same run; null if there is none
 * @param target the target; null if there is none
 */
record Figure(
        String name,
        double value,
        String unit,
        @Nullable Double floor,
        @Nullable Target target) {

    /**
     * The target of a figure.
     *
     * @param of whether the bound applies to the value or to its ratio to the floor
     * @param atLeast whether more is better
     * @param bound the worst acceptable value
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

    /** The value divided by the floor; null if there is no floor, or it is 0. */
    @Nullable Double ratio() {
        return floor == null || floor == 0 ? null : value / floor;
    }

    /** Whether the target is met; null if there is no target. */
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

    /** The significant digits; null for what JSON cannot represent. */
    private static @Nullable BigDecimal rounded(@Nullable Double number) {
        return number == null || !Double.isFinite(number) ? null : new BigDecimal(number(number));
    }

    /** The members of {@link #toJson}, except for the computed ones. */
    private record Members(
            @Nullable String name,
            @Nullable Double value,
            @Nullable String unit,
            @Nullable Double floor,
            @Nullable String target) {}

    /**
     * Parses what {@link #toJson} wrote.
     *
     * @throws IOException if it is anything else
     */
    static Figure parse(String json) throws IOException {
        Members members = JSON.std.beanFrom(Members.class, json);
        if (members.name() == null || members.value() == null || members.unit() == null) {
            throw new IOException("expected a figure, got: " + json);
        }
        Target target = members.target() == null ? null : Target.parse(members.target());
        return new Figure(members.name(), members.value(), members.unit(), members.floor(), target);
    }

    /** The number with three or more significant digits. */
    static String number(double number) {
        if (number == Math.rint(number)) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, Math.abs(number) >= 100 ? "%.0f" : "%.3g", number);
    }
}
