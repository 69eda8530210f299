package org.minip2p.handshake.rule;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An event of the model, with a small number. It is an event of the rule, or a step that an end takes by itself.
 *
 * @param code its number
 * @param event the rule's event, or null
 * @param connection the connection that the event concerns, or on which the free step is taken
 */
record ModelEvent(int code, @Nullable Event event, int connection) {
    /** The free steps of an end. */
    enum Free {
        /** The end begins to wait for a request. */
        BEGIN,
        /** The end checks whether a request has failed. */
        TICK,
        /** The end opens its stream on this connection. */
        ASK_ON
    }

    private static final List<Free> STEPS = List.of(Free.values());
    private static final int MAX = World.MAX_CONNECTIONS;
    private static final int KINDS = 14;
    private static final int FREE = KINDS * MAX + 3;
    static final int CODES = FREE + 3 * MAX;

    private static final List<ModelEvent> ALL = IntStream.range(0, CODES)
            .mapToObj(i -> new ModelEvent(i, make(i), i < FREE ? i % MAX : (i - FREE) % MAX))
            .toList();

    private static ModelEvent of(int kind, int connection) {
        return ALL.get(kind * MAX + connection);
    }

    static ModelEvent established(int connection, boolean outbound) {
        return of(outbound ? 0 : 1, connection);
    }

    static ModelEvent closed(int connection) {
        return of(2, connection);
    }

    static ModelEvent requestOpened(int connection) {
        return of(3, connection);
    }

    static ModelEvent requestVerified(int connection, boolean stale) {
        return of(stale ? 5 : 4, connection);
    }

    static ModelEvent requestDied(int connection) {
        return of(6, connection);
    }

    static ModelEvent requestRefused(int connection) {
        return of(7, connection);
    }

    static ModelEvent responseVerified(int connection, boolean stale) {
        return of(stale ? 9 : 8, connection);
    }

    static ModelEvent oursEnded(int connection, Ending ending) {
        return of(
                switch (ending) {
                    case STREAM_RESET -> 10;
                    case TIMEOUT -> 11;
                    case CONNECTION_CLOSED -> 12;
                    case REFUSED -> 13;
                    case NEGOTIATION_FAILED, LOCAL_FAULT ->
                        throw new IllegalArgumentException("not in the model: " + ending);
                },
                connection);
    }

    static ModelEvent waitEnded() {
        return ALL.get(KINDS * MAX);
    }

    static ModelEvent repeatDue() {
        return ALL.get(KINDS * MAX + 1);
    }

    static ModelEvent asked() {
        return ALL.get(KINDS * MAX + 2);
    }

    static ModelEvent free(Free step, int connection) {
        return ALL.get(FREE + STEPS.indexOf(step) * MAX + connection);
    }

    /** The free step, or null if this is an event of the rule. */
    @Nullable Free freeStep() {
        return code < FREE ? null : STEPS.get((code - FREE) / MAX);
    }

    private static @Nullable Event make(int code) {
        long c = code % MAX;
        return switch (code / MAX) {
            case 0 -> new Event.ConnectionEstablished(c, true);
            case 1 -> new Event.ConnectionEstablished(c, false);
            case 2 -> new Event.ConnectionClosed(c);
            case 3 -> new Event.RequestOpened(c);
            case 4 -> new Event.RequestVerified(c, false);
            case 5 -> new Event.RequestVerified(c, true);
            case 6 -> new Event.RequestDied(c);
            case 7 -> new Event.RequestRefused(c);
            case 8 -> new Event.ResponseVerified(c, false);
            case 9 -> new Event.ResponseVerified(c, true);
            case 10 -> new Event.OursEnded(c, Ending.STREAM_RESET);
            case 11 -> new Event.OursEnded(c, Ending.TIMEOUT);
            case 12 -> new Event.OursEnded(c, Ending.CONNECTION_CLOSED);
            case 13 -> new Event.OursEnded(c, Ending.REFUSED);
            default ->
                switch (code - KINDS * MAX) {
                    case 0 -> new Event.WaitEnded();
                    case 1 -> new Event.RepeatDue();
                    case 2 -> new Event.Asked();
                    default -> null;
                };
        };
    }
}
