package org.minip2p.handshake.rule;

import java.util.List;
import java.util.stream.IntStream;

/** An event of the model, with a small number. */
record ModelEvent(int code, Event event) {
    private static final int MAX = World.MAX_CONNECTIONS;
    static final int CODES = 11 * MAX + 1;

    private static final List<ModelEvent> ALL =
            IntStream.range(0, CODES).mapToObj(i -> new ModelEvent(i, make(i))).toList();

    static ModelEvent established(int connection, boolean outbound) {
        return ALL.get((outbound ? 0 : MAX) + connection);
    }

    static ModelEvent closed(int connection) {
        return ALL.get(2 * MAX + connection);
    }

    static ModelEvent requestOpened(int connection) {
        return ALL.get(3 * MAX + connection);
    }

    static ModelEvent requestVerified(int connection) {
        return ALL.get(4 * MAX + connection);
    }

    static ModelEvent requestDied(int connection) {
        return ALL.get(5 * MAX + connection);
    }

    static ModelEvent requestRefused(int connection) {
        return ALL.get(6 * MAX + connection);
    }

    static ModelEvent responseVerified(int connection) {
        return ALL.get(7 * MAX + connection);
    }

    static ModelEvent oursReset(int connection) {
        return ALL.get(8 * MAX + connection);
    }

    static ModelEvent oursTimedOut(int connection) {
        return ALL.get(9 * MAX + connection);
    }

    static ModelEvent oursClosed(int connection) {
        return ALL.get(10 * MAX + connection);
    }

    static ModelEvent waitEnded() {
        return ALL.get(11 * MAX);
    }

    private static Event make(int code) {
        long c = code % MAX;
        return switch (code / MAX) {
            case 0 -> new Event.ConnectionEstablished(c, true);
            case 1 -> new Event.ConnectionEstablished(c, false);
            case 2 -> new Event.ConnectionClosed(c);
            case 3 -> new Event.RequestOpened(c);
            case 4 -> new Event.RequestVerified(c, false);
            case 5 -> new Event.RequestDied(c);
            case 6 -> new Event.RequestRefused(c);
            case 7 -> new Event.ResponseVerified(c, false);
            case 8 -> new Event.OursEnded(c, Ending.STREAM_RESET);
            case 9 -> new Event.OursEnded(c, Ending.TIMEOUT);
            case 10 -> new Event.OursEnded(c, Ending.CONNECTION_CLOSED);
            default -> new Event.WaitEnded();
        };
    }
}
