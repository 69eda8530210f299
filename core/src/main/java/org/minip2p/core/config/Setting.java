package org.minip2p.core.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its name, default, range and text. Each is a constant of the {@link Config} that it belongs to, and that constant is
 * the only definition of all four. Two settings are equal only if they are the same object. Immutable.
 *
 * @param <T> the type of its values
 */
public final class Setting<T extends Comparable<T>> {
    /**
     * The longest duration. Timers of Netty and of sockets count milliseconds in an int (24.8 days) and nanoseconds in a long; sums of
     * a few of these stay far below both, and no wait of a node takes longer.
     */
    public static final Duration MAX_DURATION = Duration.ofDays(1);

    /** The most bytes: more than a node has, and sums of many fit into a long. */
    public static final long MAX_BYTES = 1L << 40;

    private final String name;
    private final ValueFormat<T> format;
    private final T defaultValue;
    private final T least;
    private final T most;
    private final String text;

    private Setting(String name, ValueFormat<T> format, T defaultValue, T least, T most, String text) {
        this.name = name;
        this.format = format;
        this.least = least;
        this.most = most;
        this.text = text;
        this.defaultValue = checked(defaultValue);
    }

    /**
     * A number of things, from {@code least} up.
     *
     * @param name as on the command line
     * @param defaultValue the value unless another one is set
     * @param least the least valid value
     * @param text what it does, as one sentence
     * @return the setting
     */
    public static Setting<Integer> count(String name, int defaultValue, int least, String text) {
        return new Setting<>(name, ValueFormat.COUNT, defaultValue, least, Integer.MAX_VALUE, text);
    }

    /**
     * A number of bytes, from {@code least} to {@link #MAX_BYTES}; as text also in {@code KiB}, {@code MiB} and so on.
     *
     * @param name as on the command line
     * @param defaultValue the value unless another one is set
     * @param least the least valid value
     * @param text what it does, as one sentence
     * @return the setting
     */
    public static Setting<Long> bytes(String name, long defaultValue, long least, String text) {
        return bytes(name, defaultValue, least, MAX_BYTES, text);
    }

    /**
     * A number of bytes, from {@code least} to {@code most}.
     *
     * @param name as on the command line
     * @param defaultValue the value unless another one is set
     * @param least the least valid value
     * @param most the greatest valid value
     * @param text what it does, as one sentence
     * @return the setting
     */
    public static Setting<Long> bytes(String name, long defaultValue, long least, long most, String text) {
        return new Setting<>(name, ValueFormat.BYTES, defaultValue, least, most, text);
    }

    /**
     * A duration from {@code least} to {@link #MAX_DURATION}; as text a whole number of {@code h}, {@code m}, {@code s}, {@code ms},
     * {@code us} or {@code ns}.
     *
     * @param name as on the command line
     * @param defaultValue the value unless another one is set
     * @param least the least valid value
     * @param text what it does, as one sentence
     * @return the setting
     */
    public static Setting<Duration> duration(String name, Duration defaultValue, Duration least, String text) {
        return new Setting<>(name, ValueFormat.DURATION, defaultValue, least, MAX_DURATION, text);
    }

    /**
     * Something that is on or off.
     *
     * @param name as on the command line
     * @param defaultValue the value unless another one is set
     * @param text what it does when it is on, as one sentence
     * @return the setting
     */
    public static Setting<Boolean> flag(String name, boolean defaultValue, String text) {
        return new Setting<>(name, ValueFormat.FLAG, defaultValue, false, true, text);
    }

    /** {@return the name, such as {@code idleTimeout}} */
    public String name() {
        return name;
    }

    /** {@return what it does, as one sentence} */
    public String text() {
        return text;
    }

    /** {@return the default value} */
    public T defaultValue() {
        return defaultValue;
    }

    /** {@return the default as {@link Config#with(String, String)} reads it} */
    public String defaultText() {
        return format.print(defaultValue);
    }

    /** {@return the valid values, such as {@code 0s to 24h}} */
    public String range() {
        return format.range(least, most);
    }

    /** Its {@link #name}. */
    @Override
    public String toString() {
        return name;
    }

    T checked(T value) {
        if (!isInRange(value)) {
            throw refused(value);
        }
        return value;
    }

    T parse(String value) {
        @Nullable T parsed = format.parse(value);
        if (parsed == null || !isInRange(parsed)) {
            throw refused(value);
        }
        return parsed;
    }

    @SuppressWarnings("unchecked") // nothing else is kept under this setting
    T cast(Object value) {
        return (T) value;
    }

    String print(Object value) {
        return format.print(cast(value));
    }

    private boolean isInRange(T value) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private IllegalArgumentException refused(Object value) {
        return new IllegalArgumentException(
                name + ": expected " + format.noun() + ", " + range() + ", but got " + value);
    }
}
