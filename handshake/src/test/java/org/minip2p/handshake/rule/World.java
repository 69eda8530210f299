package org.minip2p.handshake.rule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The explored model: end A (ours), end B (the partner), and the messages in flight between them. It is mutable: it is
 * loaded from {@link #LONGS} numbers and packed into them. {@link Choices} has the steps that can happen, {@link Steps}
 * applies them, and {@link Invariants} has what must hold.
 *
 * <p>Each end sees each connection in its own time. A connection has one queue in each direction. Messages arrive in
 * the order in which they were sent, and a close arrives after them. Time is counted in seconds and passes only when
 * nothing is in flight. New connections, ticks of the clocks and asks of the application do not count as in flight,
 * since they can come at any time.
 */
final class World {
    static final int MAX_CONNECTIONS = 3;
    static final int LONGS = MAX_CONNECTIONS + 2;

    /** How an end sees a connection. */
    static final int UNSEEN = 0;

    static final int OPEN = 1;
    static final int GONE = 2;

    /** Values of a timer: not armed, expired and not yet reported, or the seconds left plus one. */
    static final int OFF = 0;

    static final int EXPIRED = 1;

    /** A request in flight for which its reader has no deadline. */
    static final int ENDLESS = 15;

    /** The state of a request that was read and has not been judged. */
    static final int NOT_READ = 0;

    static final int ACCEPTED = 1;
    static final int REFUSED = 2;
    static final int STALE = 4;
    /** The answer names the new network. */
    static final int ANSWER_IS_NEW = 8;
    /** The initiator does not wait for the answer, or the answer is lost. */
    static final int UNANSWERED = 16;

    /** The state of one end, except for its connections. */
    static final class End {
        int state;
        int wait;
        int repeat;
        int deadline;
        /** The number of the connection on which the end's exchange is in flight, plus one; or 0. */
        int inFlight;
        /** Whether the application has asked since the end read its own info for that exchange. */
        boolean isFlightStale;
        /** The phase of the end's clock when it started that exchange. */
        int flightPhase;

        int completed;
        boolean hasFailed;
        int phase;
        int asksLeft;
        /** Whether the end has reported a failure since the application last asked. */
        boolean hasToldAsk;

        /**
         * Whether the application has asked and no exchange has completed for which the end read its own info after
         * that.
         */
        boolean isOwed;

        private long pack() {
            long bits = state;
            bits = bits << 5 | wait;
            bits = bits << 4 | repeat;
            bits = bits << 4 | deadline;
            bits = bits << 2 | inFlight;
            bits = bits << 1 | (isFlightStale ? 1 : 0);
            bits = bits << 2 | flightPhase;
            bits = bits << 2 | completed;
            bits = bits << 1 | (hasFailed ? 1 : 0);
            bits = bits << 2 | phase;
            bits = bits << 2 | asksLeft;
            bits = bits << 1 | (hasToldAsk ? 1 : 0);
            return bits << 1 | (isOwed ? 1 : 0);
        }

        private void load(long from) {
            long bits = from;
            isOwed = (bits & 1) != 0;
            bits >>>= 1;
            hasToldAsk = (bits & 1) != 0;
            bits >>>= 1;
            asksLeft = (int) bits & 3;
            bits >>>= 2;
            phase = (int) bits & 3;
            bits >>>= 2;
            hasFailed = (bits & 1) != 0;
            bits >>>= 1;
            completed = (int) bits & 3;
            bits >>>= 2;
            flightPhase = (int) bits & 3;
            bits >>>= 2;
            isFlightStale = (bits & 1) != 0;
            bits >>>= 1;
            inFlight = (int) bits & 3;
            bits >>>= 2;
            deadline = (int) bits & 15;
            bits >>>= 4;
            repeat = (int) bits & 15;
            bits >>>= 4;
            wait = (int) bits & 31;
            bits >>>= 5;
            state = (int) bits;
        }
    }

    final Scenario scenario;
    final int count;
    final End[] ends = {new End(), new End()};
    int faults;
    boolean isResponseLost;

    /** The connections that both ends see, and have seen since the first 5 s of Go's wait. One bit each. */
    int sharedSinceWait;

    /** The broken invariant, or null. */
    @Nullable String violation;

    /** Whether time passed in the last step, and (below) whether A started an exchange in it. */
    boolean hasTimePassed;

    boolean hasAStarted;

    private final int[] view;
    private final long[] queue;
    private final boolean[] oneSided;
    private final int[] inbound;
    private final int[] second;
    private final int[] reading;
    private final Map<Long, Integer> queueNumbers = new HashMap<>();
    private long[] queues = new long[1 << 10];

    World(Scenario scenario) {
        this.scenario = scenario;
        this.count = scenario.connections();
        this.view = new int[2 * count];
        this.queue = new long[2 * count];
        this.oneSided = new boolean[2 * count];
        this.inbound = new int[2 * count];
        this.second = new int[2 * count];
        this.reading = new int[2 * count];
        ends[0].asksLeft = scenario.asksOfA();
        ends[1].asksLeft = scenario.asksOfB();
    }

    // ---- Packing ---------------------------------------------------------------------------------------------------

    void pack(long[] to) {
        for (int c = 0; c < MAX_CONNECTIONS; c++) {
            to[c] = c < count ? packed(c) : 0;
        }
        int common = faults << 4 | sharedSinceWait << 1 | (isResponseLost ? 1 : 0);
        to[MAX_CONNECTIONS] = (long) common << 56 | ends[0].pack();
        to[MAX_CONNECTIONS + 1] = ends[1].pack();
    }

    private long packed(int c) {
        long bits = 0;
        for (int i = 2 * c; i < 2 * c + 2; i++) {
            bits = bits << 2 | view[i];
            bits = bits << 1 | (oneSided[i] ? 1 : 0);
            bits = bits << 4 | inbound[i];
            bits = bits << 4 | second[i];
            bits = bits << 5 | reading[i];
            bits = bits << 16 | number(queue[i]);
        }
        return bits;
    }

    private int number(long value) {
        Integer known = queueNumbers.get(value);
        if (known != null) {
            return known;
        }
        int number = queueNumbers.size();
        if (number == 1 << 16) {
            throw new IllegalStateException("too many queues");
        }
        queueNumbers.put(value, number);
        if (number == queues.length) {
            queues = Arrays.copyOf(queues, 2 * number);
        }
        queues[number] = value;
        return number;
    }

    void load(long[] from) {
        for (int c = 0; c < count; c++) {
            long bits = from[c];
            for (int i = 2 * c + 1; i >= 2 * c; i--) {
                queue[i] = queues[(int) bits & 0xffff];
                bits >>>= 16;
                reading[i] = (int) bits & 31;
                bits >>>= 5;
                second[i] = (int) bits & 15;
                bits >>>= 4;
                inbound[i] = (int) bits & 15;
                bits >>>= 4;
                oneSided[i] = (bits & 1) != 0;
                bits >>>= 1;
                view[i] = (int) bits & 3;
                bits >>>= 2;
            }
        }
        long common = from[MAX_CONNECTIONS] >>> 56;
        isResponseLost = (common & 1) != 0;
        sharedSinceWait = (int) common >>> 1 & 7;
        faults = (int) common >>> 4;
        ends[0].load(from[MAX_CONNECTIONS] & (1L << 56) - 1);
        ends[1].load(from[MAX_CONNECTIONS + 1]);
        violation = null;
        hasTimePassed = false;
        hasAStarted = false;
    }

    // ---- Connections -----------------------------------------------------------------------------------------------

    int at(int c, int e) {
        return view[2 * c + e];
    }

    void see(int c, int e, int how) {
        view[2 * c + e] = how;
    }

    boolean isBegun(int c) {
        return at(c, 0) != UNSEEN || at(c, 1) != UNSEEN;
    }

    boolean hasOpen(int e) {
        for (int c = 0; c < count; c++) {
            if (at(c, e) == OPEN) {
                return true;
            }
        }
        return false;
    }

    /** Whether the connection is closed and this end does not know it. */
    boolean isOneSided(int c, int e) {
        return oneSided[2 * c + e];
    }

    void setOneSided(int c, int e, boolean is) {
        oneSided[2 * c + e] = is;
    }

    boolean isAnyOneSided() {
        for (boolean is : oneSided) {
            if (is) {
                return true;
            }
        }
        return false;
    }

    /** Whether a close is in flight in either direction. */
    boolean isEnding(int c) {
        return Queue.contains(towards(c, 0), Queue.CLOSE) || Queue.contains(towards(c, 1), Queue.CLOSE);
    }

    /** A connection that both ends see as established and that is not being closed, or -1. */
    int sharedConnection() {
        for (int c = 0; c < count; c++) {
            if (at(c, 0) == OPEN && at(c, 1) == OPEN && !isEnding(c)) {
                return c;
            }
        }
        return -1;
    }

    // ---- Requests of the other end ---------------------------------------------------------------------------------

    /**
     * The timer for the deadline of the other end's request in flight at {@code e}; of the older one if there are two.
     */
    int inbound(int c, int e) {
        return inbound[2 * c + e];
    }

    int second(int c, int e) {
        return second[2 * c + e];
    }

    void setInbound(int c, int e, int older, int newer) {
        inbound[2 * c + e] = older;
        second[2 * c + e] = newer;
    }

    int reading(int c, int e) {
        return reading[2 * c + e];
    }

    void setReading(int c, int e, int what) {
        reading[2 * c + e] = what;
    }

    // ---- Queues ----------------------------------------------------------------------------------------------------

    /** The messages in flight to {@code e}. */
    long towards(int c, int e) {
        return queue[2 * c + 1 - e];
    }

    void setTowards(int c, int e, long messages) {
        queue[2 * c + 1 - e] = messages;
    }

    int takeHead(int c, int e) {
        int head = Queue.head(towards(c, e));
        setTowards(c, e, Queue.tail(towards(c, e)));
        return head;
    }

    /**
     * Sends a message. It is lost if the receiver has closed the connection or never reads, or if a close was sent
     * before.
     */
    void send(int c, int from, int message) {
        boolean isHeard = !scenario.end(1 - from).isSilent();
        if (!isHeard || at(c, 1 - from) == GONE || Queue.contains(towards(c, 1 - from), Queue.CLOSE)) {
            return;
        }
        setTowards(c, 1 - from, Queue.append(towards(c, 1 - from), message));
    }

    // ---- Whether anything moves ------------------------------------------------------------------------------------

    boolean isBusy() {
        for (int e = 0; e < 2; e++) {
            End end = ends[e];
            if (end.wait == EXPIRED || end.deadline == EXPIRED || end.repeat == EXPIRED) {
                return true;
            }
            if (!scenario.end(e).freeSteps(end.state).isEmpty()) {
                return true;
            }
        }
        for (int c = 0; c < count; c++) {
            for (int e = 0; e < 2; e++) {
                boolean isHeard = e == 0 || !scenario.b().isSilent();
                if (at(c, e) == UNSEEN ? isBegun(c) : isHeard && towards(c, e) != 0) {
                    return true;
                }
                if (inbound(c, e) == EXPIRED || reading(c, e) != NOT_READ) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The seconds until the next timer ends, or 0 if none runs. */
    int untilNextTimer() {
        int next = Integer.MAX_VALUE;
        for (End end : ends) {
            next = earlier(next, end.wait);
            next = earlier(next, end.deadline);
            next = earlier(next, end.repeat);
        }
        for (int i = 0; i < 2 * count; i++) {
            next = inbound[i] == ENDLESS ? next : earlier(earlier(next, inbound[i]), second[i]);
        }
        return next == Integer.MAX_VALUE ? 0 : next;
    }

    private static int earlier(int next, int timer) {
        return timer > EXPIRED ? Math.min(next, timer - EXPIRED) : next;
    }

    /** Whether nothing is in progress, so that only something new can happen. */
    boolean isQuiet() {
        return !isBusy() && untilNextTimer() == 0;
    }
}
