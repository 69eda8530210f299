package org.minip2p.attacks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object on a line: the format in which the processes report to each other.
 *
 * @param members its members: numbers, texts, booleans, lists and maps
 */
record Line(Map<String, @Nullable Object> members) {
    Line {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /**
     * Parses a line.
     *
     * @throws IOException if it is not a JSON object
     */
    static Line parse(String text) throws IOException {
        if (!text.startsWith("{")) {
            throw new IOException("expected a JSON object, got: " + text);
        }
        return new Line(JSON.std.mapFrom(text));
    }

    /** Formats a line. */
    static String of(Map<String, ? extends @Nullable Object> members) {
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a line to stdout. */
    static void print(Map<String, ? extends @Nullable Object> members) {
        System.out.println(of(members));
        System.out.flush();
    }

    boolean isEvent(String name) {
        return name.equals(members.get("event"));
    }

    /** A number that must be present. */
    long number(String name) {
        return member(name, Number.class).longValue();
    }

    double decimal(String name) {
        return member(name, Number.class).doubleValue();
    }

    String text(String name) {
        return member(name, String.class);
    }

    /** A map of counts, by name. */
    Map<String, Long> counts(String name) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<?, ?> found = member(name, Map.class);
        found.forEach((key, count) -> counts.put(String.valueOf(key), ((Number) count).longValue()));
        return counts;
    }

    private <T> T member(String name, Class<T> type) {
        Object value = members.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalStateException("expected a " + type.getSimpleName() + " " + name + " in " + members);
        }
        return type.cast(value);
    }
}
