package org.minip2p.cli;

import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Reads the environment variables of a public test. Immutable.
 *
 * @param variables all environment variables
 */
record InteropEnvironment(Map<String, String> variables) {
    /** The text of a variable, or the given text if it is not set. */
    String text(String name, String absent) {
        return variables.getOrDefault(name, absent);
    }

    /** The text of a variable that must be set, and not be empty. */
    String required(String name) throws CommandFailedException {
        String text = text(name, "");
        if (text.isBlank()) {
            throw wrong(name, "a value");
        }
        return text;
    }

    /** Checks that a variable has the one value that this node supports. */
    void requireSupported(String name, String supported) throws CommandFailedException {
        if (!supported.equals(variables.get(name))) {
            throw failure(name, "supported", supported);
        }
    }

    /**
     * A whole number of at least 1.
     *
     * @param absent the value if the variable is not set
     * @param max the largest accepted value
     */
    long number(String name, long absent, long max) throws CommandFailedException {
        return parse(name, absent, number -> number > 0 && number <= max, "a whole number from 1 to " + max);
    }

    /**
     * A number of bytes, as an unsigned 64-bit number.
     *
     * @param absent the value if the variable is not set, in bytes
     */
    long bytes(String name, long absent) throws CommandFailedException {
        return parse(name, absent, number -> true, "a whole number from 0 to 18446744073709551615");
    }

    private long parse(String name, long absent, LongPredicate isAccepted, String expected)
            throws CommandFailedException {
        String text = variables.get(name);
        if (text == null) {
            return absent;
        }
        try {
            long number = Long.parseUnsignedLong(text);
            if (isAccepted.test(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw wrong(name, expected);
    }

    /** The failure for a variable that does not have the expected value. */
    CommandFailedException wrong(String name, String expected) {
        return failure(name, "valid", expected);
    }

    private CommandFailedException failure(String name, String quality, String expected) {
        String text = variables.get(name);
        String found = text == null
                ? name + " is not set"
                : text.isBlank() ? name + " is empty" : name + "=" + text + " is not " + quality;
        return new CommandFailedException(found + "; expected " + expected);
    }
}
