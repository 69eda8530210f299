package org.minip2p.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a line of the command's JSON, as a program that uses it would. */
final class Json {
    private Json() {}

    static Map<String, @Nullable Object> object(String line) {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("expected a JSON object, found " + line);
            }
            Map<String, @Nullable Object> object = JSON.std.mapFrom(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("expected one JSON object, found " + line);
            }
            return object;
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
