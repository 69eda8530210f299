package org.minip2p.core;

import java.nio.charset.StandardCharsets;

/**
 * The name of a protocol as multistream-select negotiates it, such as {@code /ipfs/ping/1.0.0}. Names are compared byte for byte.
 *
 * @param value the name: starts with {@code /}, has no newline, at most {@value #MAX_BYTES} bytes of UTF-8
 */
public record ProtocolId(String value) {
    /** The longest name, in bytes of UTF-8: a multistream-select message of 1,024 bytes less its newline. */
    public static final int MAX_BYTES = 1023;

    private static final int MAX_BYTES_PER_CHAR = 3;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException when the name does not start with {@code /}, holds a newline or is too long
     * @param value the name: starts with {@code /}, has no newline, at most {@value #MAX_BYTES} bytes of UTF-8
     */
    public ProtocolId {
        if (!value.startsWith("/")) {
            throw new IllegalArgumentException("a protocol id starts with '/': " + Printable.of(value));
        }
        if (value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a protocol id has no newline: " + Printable.of(value));
        }
        if (value.length() > MAX_BYTES / MAX_BYTES_PER_CHAR) { // else it is not worth being encoded
            int bytes = value.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                throw new IllegalArgumentException("a protocol id has at most " + MAX_BYTES + " bytes, not " + bytes);
            }
        }
    }

    /** The name, {@linkplain Printable#safe safe to show}, since peers choose names, too. */
    @Override
    public String toString() {
        return Printable.safe(value);
    }
}
