package org.minip2p.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a command: named values for programs and labelled lines for people. A command fills it, and an {@link Output} shows
 * the part for its reader. Not thread-safe.
 */
final class Report {
    /**
     * One line for people.
     *
     * @param label what it is
     * @param text the value with its unit
     */
    record Line(String label, String text) {}

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private final List<Line> lines = new ArrayList<>();

    /** Creates the report of a successful command. */
    static Report ok() {
        return new Report().value("ok", true);
    }

    /**
     * Adds a value for programs.
     *
     * @param key its name in JSON
     * @param value a text, number, boolean, list or map, or null
     */
    Report value(String key, @Nullable Object value) {
        values.put(key, value);
        return this;
    }

    /** Adds a line for people. */
    Report line(String label, String text) {
        lines.add(new Line(label, text));
        return this;
    }

    /** Adds a value for programs that is also a line for people. */
    Report both(String key, @Nullable Object value, String label, String text) {
        return value(key, value).line(label, text);
    }

    /** The values, in the order in which they were added. */
    Map<String, @Nullable Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /** The lines, in the order in which they were added. */
    List<Line> lines() {
        return Collections.unmodifiableList(lines);
    }
}
