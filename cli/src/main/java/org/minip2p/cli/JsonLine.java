package org.minip2p.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as one JSON object on one line. */
final class JsonLine {
    /** Values other than text, number, boolean, list, map and null are refused: their properties are no stable output. */
    private static final JSON WRITER = JSON.builder()
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES, JSON.Feature.FAIL_ON_UNKNOWN_TYPE_WRITE)
            .disable(JSON.Feature.HANDLE_JAVA_BEANS)
            .build();

    private JsonLine() {}

    static String of(Map<String, ? extends @Nullable Object> values) {
        try {
            return WRITER.asString(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
