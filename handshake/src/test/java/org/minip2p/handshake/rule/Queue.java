package org.minip2p.handshake.rule;

/**
 * The messages in flight in one direction of a connection, as one number: at most fifteen, with the next one to arrive
 * in the lowest bits. Requests and responses name the old network or the new one.
 */
final class Queue {
    static final int NOTHING = 0;
    static final int STREAM = 1;
    static final int REQUEST = 2;
    /** A request whose initiator has given up. It can be read, but its response is lost. */
    static final int DEAD_REQUEST = 4;

    static final int RESPONSE = 6;
    static final int RESET_BY_INITIATOR = 8;
    static final int RESET_BY_RESPONDER = 9;
    static final int CLOSE = 10;

    private static final int BITS = 4;
    private static final long MASK = (1 << BITS) - 1;
    private static final int MAX_MESSAGES = 15;

    private Queue() {}

    /** This message with the new network or the old one. */
    static int of(int message, boolean isNew) {
        return isNew ? message + 1 : message;
    }

    /** The kind of a message, without its network. */
    static int kind(int message) {
        return message >= REQUEST && message < RESET_BY_INITIATOR ? message & ~1 : message;
    }

    static boolean isNew(int message) {
        return message >= REQUEST && message < RESET_BY_INITIATOR && (message & 1) != 0;
    }

    /** Whether the message names the old network, which a reader does not accept after the window. */
    static boolean isOld(int message) {
        return message >= REQUEST && message < RESET_BY_INITIATOR && (message & 1) == 0;
    }

    static int head(long queue) {
        return (int) (queue & MASK);
    }

    static long tail(long queue) {
        return queue >>> BITS;
    }

    static long append(long queue, int message) {
        int size = 0;
        for (long rest = queue; rest != 0; rest = tail(rest)) {
            size++;
        }
        if (size == MAX_MESSAGES) {
            throw new IllegalStateException("more than " + MAX_MESSAGES + " messages under way");
        }
        return queue | (long) message << (BITS * size);
    }

    /** Whether a message of this kind is in flight. */
    static boolean contains(long queue, int kind) {
        for (long rest = queue; rest != 0; rest = tail(rest)) {
            if (kind(head(rest)) == kind) {
                return true;
            }
        }
        return false;
    }

    /** Whether a message that names the old network is in flight. */
    static boolean containsOld(long queue) {
        for (long rest = queue; rest != 0; rest = tail(rest)) {
            if (isOld(head(rest))) {
                return true;
            }
        }
        return false;
    }

    /** The queue after the initiator has given up its request. */
    static long abandon(long queue) {
        long result = 0;
        for (long rest = queue; rest != 0; rest = tail(rest)) {
            int head = head(rest);
            result = append(result, kind(head) == REQUEST ? head + DEAD_REQUEST - REQUEST : head);
        }
        return result;
    }

    static long without(long queue, int kind) {
        long result = 0;
        for (long rest = queue; rest != 0; rest = tail(rest)) {
            if (kind(head(rest)) != kind) {
                result = append(result, head(rest));
            }
        }
        return result;
    }

    static String word(int message) {
        String word = switch (kind(message)) {
            case STREAM -> "stream";
            case REQUEST -> "request";
            case DEAD_REQUEST -> "abandoned request";
            case RESET_BY_INITIATOR -> "initiator's reset";
            case RESPONSE -> "response";
            case RESET_BY_RESPONDER -> "responder's reset";
            case CLOSE -> "close";
            default -> "nothing";
        };
        return isNew(message) ? word + " of the new network" : word;
    }
}
