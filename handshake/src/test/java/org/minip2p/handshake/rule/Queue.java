package org.minip2p.handshake.rule;

/** What is under way in one direction of a connection, as one number: at most ten messages, the next to arrive lowest. */
final class Queue {
    static final int NOTHING = 0;
    static final int STREAM = 1;
    static final int REQUEST = 2;
    /** A request whose initiator has given up: it can be read, but its response finds nobody. */
    static final int DEAD_REQUEST = 3;

    static final int RESET_BY_INITIATOR = 4;
    static final int RESPONSE = 5;
    static final int RESET_BY_RESPONDER = 6;
    static final int CLOSE = 7;

    private static final int BITS = 3;
    private static final int MASK = (1 << BITS) - 1;
    private static final int MAX_MESSAGES = 10;

    private Queue() {}

    static int head(int queue) {
        return queue & MASK;
    }

    static int tail(int queue) {
        return queue >>> BITS;
    }

    static int append(int queue, int message) {
        int size = 0;
        for (int rest = queue; rest != 0; rest = tail(rest)) {
            size++;
        }
        if (size == MAX_MESSAGES) {
            throw new IllegalStateException("more than " + MAX_MESSAGES + " messages under way");
        }
        return queue | message << (BITS * size);
    }

    static boolean contains(int queue, int message) {
        for (int rest = queue; rest != 0; rest = tail(rest)) {
            if (head(rest) == message) {
                return true;
            }
        }
        return false;
    }

    static int replace(int queue, int from, int to) {
        int result = 0;
        for (int rest = queue; rest != 0; rest = tail(rest)) {
            result = append(result, head(rest) == from ? to : head(rest));
        }
        return result;
    }

    static int without(int queue, int message) {
        int result = 0;
        for (int rest = queue; rest != 0; rest = tail(rest)) {
            if (head(rest) != message) {
                result = append(result, head(rest));
            }
        }
        return result;
    }

    static String word(int message) {
        return switch (message) {
            case STREAM -> "stream";
            case REQUEST -> "request";
            case DEAD_REQUEST -> "abandoned request";
            case RESET_BY_INITIATOR -> "initiator's reset";
            case RESPONSE -> "response";
            case RESET_BY_RESPONDER -> "responder's reset";
            case CLOSE -> "close";
            default -> "nothing";
        };
    }
}
