package org.minip2p.core.testing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One object of a file of test vectors. A file is read into maps, lists and strings. Numbers and booleans remain text
 * as in JSON, and a null is like a missing field.
 *
 * <p>A module that uses this class declares jackson-core with test scope, and has its files in
 * {@code src/test/resources/vectors}.
 */
public final class Vectors {
    private final Map<String, Object> fields;

    private Vectors(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** Reads {@code /vectors/NAME.json} from the class path. */
    public static Vectors load(String name) {
        String resource = "/vectors/" + name + ".json";
        try (InputStream in = Vectors.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            try (JsonParser parser = JsonFactory.builder().build().createParser(in)) {
                parser.nextToken();
                return new Vectors(object(parser));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** The object as nested {@code Map}, {@code List} and {@code String}, in the order of the file. */
    public Map<String, Object> asMap() {
        return fields;
    }

    /** Whether the field is present and not null. */
    public boolean has(String key) {
        return fields.containsKey(key);
    }

    /** A text, number or boolean as it is written in JSON. */
    public String text(String key) {
        return (String) get(key);
    }

    /** A text, or a default if the field is missing or null. */
    public String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /** A number. */
    public long number(String key) {
        return Long.parseLong(text(key));
    }

    /** A boolean. */
    public boolean flag(String key) {
        return switch (text(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key + " is " + text(key));
        };
    }

    /** Bytes written in hexadecimal. */
    public byte[] hex(String key) {
        return HexFormat.of().parseHex(text(key));
    }

    /** An object inside this one. */
    public Vectors object(String key) {
        return wrap(get(key));
    }

    /** A list of objects; a missing list is empty. */
    public List<Vectors> list(String key) {
        return has(key) ? ((List<?>) get(key)).stream().map(Vectors::wrap).toList() : List.of();
    }

    /** A list of texts. */
    public List<String> texts(String key) {
        return ((List<?>) get(key)).stream().map(String.class::cast).toList();
    }

    private Object get(String key) {
        Object value = fields.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no field " + key + " in " + fields.keySet());
        }
        return value;
    }

    @SuppressWarnings("unchecked") // every map here was made by object(JsonParser)
    private static Vectors wrap(Object value) {
        return new Vectors((Map<String, Object>) value);
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                fields.put(key, value(parser));
            }
        }
        return fields;
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return object(parser);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser));
            }
            return items;
        }
        return parser.getText();
    }

    /** The object's name or text, for display names. */
    @Override
    public String toString() {
        for (String key : List.of("name", "text", "hex", "value", "address")) {
            if (fields.get(key) instanceof String) {
                return text(key);
            }
        }
        return fields.toString();
    }
}
