package org.minip2p.interop;

import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The checks of a cell; a failed check fails the cell. */
final class Check {
    private Check() {}

    /** Fails with this message unless the condition is true. */
    static void that(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    static void equal(String what, @Nullable Object actual, Object expected) {
        that(Objects.equals(actual, expected), what + ": expected " + expected + ", got " + actual);
    }

    static <T> T isA(String what, @Nullable Object actual, Class<T> type) {
        if (actual == null || !type.isInstance(actual)) {
            throw new AssertionError(what + ": expected " + type.getSimpleName() + ", got " + actual);
        }
        return type.cast(actual);
    }

    static void contains(String what, Collection<?> actual, Object... expected) {
        for (Object each : expected) {
            that(actual.contains(each), what + ": expected " + each + " in " + actual);
        }
    }

    /** Checks that an echo returned what was sent. */
    static void echo(Answer answer) {
        that(
                answer.received() == answer.sent() && answer.receivedSha256().equals(answer.sentSha256()),
                "expected an echo, got " + answer);
    }

    /** Checks that an operation or a handshake of a peer succeeded. */
    static JsonLine ok(JsonLine result) {
        that(result.ok(), "the peer reports " + result);
        return result;
    }
}
