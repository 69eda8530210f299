package org.minip2p.interop;

import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a cell finds out, or fails with. */
final class Check {
    private Check() {}

    /** Fails with this message unless it is so. */
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

    /** An echo brings back what was sent. */
    static void echo(Answer answer) {
        that(
                answer.received() == answer.sent() && answer.receivedSha256().equals(answer.sentSha256()),
                "expected an echo, got " + answer);
    }

    /** An operation of a peer, or its handshake, that went well. */
    static JsonLine ok(JsonLine result) {
        that(result.ok(), "the peer tells " + result);
        return result;
    }
}
