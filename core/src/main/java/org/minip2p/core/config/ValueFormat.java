package org.minip2p.core.config;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type are read and printed. A printed value is read back as the same value.
 *
 * @param type of the values
 * @param noun the kind of values, with examples of their text
 * @param parser returns null for an invalid text
 * @param printer prints values within the range of a setting
 */
record ValueFormat<T extends Comparable<T>>(
        Class<T> type, String noun, Function<String, @Nullable T> parser, Function<T, String> printer) {
    static final ValueFormat<Integer> COUNT =
            new ValueFormat<>(Integer.class, "a whole number", Scale.ONES::parseInt, value -> Scale.ONES.print(value));

    static final ValueFormat<Long> BYTES = new ValueFormat<>(
            Long.class, "bytes such as 65536, 256KiB or 16MiB", Scale.BYTES::parse, Scale.BYTES::print);

    static final ValueFormat<Duration> DURATION = new ValueFormat<>(
            Duration.class,
            "a time such as 30s, 500ms or 2m",
            ValueFormat::parseDuration,
            value -> Scale.NANOSECONDS.print(value.toNanos()));

    static final ValueFormat<Boolean> FLAG =
            new ValueFormat<>(Boolean.class, "a switch", ValueFormat::parseFlag, value -> value.toString());

    @Nullable T parse(String text) {
        return parser.apply(text);
    }

    String print(T value) {
        return printer.apply(value);
    }

    String range(T least, T most) {
        return type == Boolean.class ? "true or false" : print(least) + " to " + print(most);
    }

    private static @Nullable Duration parseDuration(String text) {
        Long nanos = Scale.NANOSECONDS.parse(text);
        return nanos == null ? null : Duration.ofNanos(nanos);
    }

    private static @Nullable Boolean parseFlag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }
}
