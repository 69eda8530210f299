package org.minip2p.interop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object that a peer printed on a line.
 *
 * <p>Members are texts, numbers, {@code Boolean}s, lists, maps or null. Immutable.
 */
record JsonLine(Map<String, @Nullable Object> members) {
    private static final JsonFactory FACTORY = new JsonFactory();

    JsonLine {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** Parses one object; anything else, or more than one value, is an error. */
    static JsonLine parse(String line) throws IOException {
        try (JsonParser parser = FACTORY.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("expected a JSON object, got: " + line);
            }
            JsonLine object = new JsonLine(JSON.std.mapFrom(parser));
            if (parser.nextToken() != null) {
                throw new IOException("expected one JSON object, got more: " + line);
            }
            return object;
        }
    }

    boolean isEvent(String name) {
        return name.equals(members.get("event"));
    }

    /** Whether an operation or a handshake succeeded. */
    boolean ok() {
        return Boolean.TRUE.equals(members.get("ok"));
    }

    String text(String name) {
        return member(name, String.class);
    }

    long number(String name) {
        return member(name, Number.class).longValue();
    }

    double decimal(String name) {
        return member(name, Number.class).doubleValue();
    }

    List<String> texts(String name) {
        List<?> elements = member(name, List.class);
        return elements.stream().map(String::valueOf).toList();
    }

    /** A member that is an object. */
    @SuppressWarnings("unchecked") // the parser creates no other maps
    JsonLine object(String name) {
        return new JsonLine((Map<String, @Nullable Object>) member(name, Map.class));
    }

    /** A member that is an array of objects. */
    @SuppressWarnings("unchecked") // the parser creates no other maps
    List<JsonLine> objects(String name) {
        return ((List<Map<String, @Nullable Object>>) list(name))
                .stream().map(JsonLine::new).toList();
    }

    /** A member that is an array. */
    List<?> list(String name) {
        return member(name, List.class);
    }

    private <T> T member(String name, Class<T> type) {
        Object value = members.get(name);
        if (!type.isInstance(value)) {
            throw new AssertionError("expected a " + type.getSimpleName() + " " + name + " in " + members);
        }
        return type.cast(value);
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
