package org.minip2p.host;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values of a configuration from text. */
final class ConfigValues {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private ConfigValues() {}

    static Object parse(Class<?> type, String name, String value) {
        if (type == int.class) {
            try {
                return Integer.valueOf(value);
            } catch (NumberFormatException e) {
                throw refused(name, "a whole number", value, e);
            }
        }
        if (type == boolean.class) {
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw refused(name, "true or false", value, null);
            };
        }
        Matcher time = TIME.matcher(value);
        if (!time.matches()) {
            throw refused(name, "a time such as 30s, 500ms or 2m", value, null);
        }
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    private static IllegalArgumentException refused(
            String name, String expected, String value, @Nullable Throwable cause) {
        return new IllegalArgumentException(name + ": expected " + expected + ", not " + value, cause);
    }
}
