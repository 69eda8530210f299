package org.minip2p.handshake.rule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The explored model: end A (ours), end B (the partner), and what is under way between them. Mutable; it is loaded from, and
 * packed into, {@link #LONGS} numbers. What can happen is in {@link Choices}, what then happens in {@link Steps}, what must hold in {@link
 * Invariants}.
 *
 * <p>Each connection is seen by each end in its own time, and has one queue in each direction. What an end sends arrives in
 * order; a close arrives behind what was sent before. Time is counted in seconds, and passes only when nothing is under way
 * (connections that were not begun, clocks and the application excepted: they can come at any time).
 */
final class World {
    static final int MAX_CONNECTIONS = 3;
    static final int LONGS = MAX_CONNECTIONS + 2;

    /** How an end sees a connection. */
    static final int UNSEEN = 0;

    static final int OPEN = 1;
    static final int GONE = 2;

    /** A timer: not armed, expired and not yet told, or seconds left plus one. */
    static final int OFF = 0;

    static final int EXPIRED = 1;

    /** A request in flight for which its reader has no deadline. */
    static final int ENDLESS = 15;

    /** What becomes of a request that was read and is still to be judged. */
    static final int NOT_READ = 0;

    static final int ACCEPTED = 1;
    static final int REFUSED = 2;
    static final int STALE = 4;
    /** It is answered with the new network. */
    static final int ANSWER_IS_NEW = 8;
    /** Nobody waits for the answer, or it is lost. */
    static final int UNANSWERED = 16;

    /** What is known of one end beside the connections. */
    static final class End {
        int state;
        int wait;
        int repeat;
        int deadline;
        /** The connection that its exchange is in flight on plus one, or 0. */
        int inFlight;
        /** The application has asked since it read its own info for that. */
        boolean isFlightStale;
        /** The phase of its clock when it started that. */
        int flightPhase;

        int completed;
        boolean hasFailed;
        int phase;
        int asksLeft;
        /** It has told a failure since the application last asked. */
        boolean hasToldAsk;

        /** The application has asked, and no exchange with own info that was read since has completed. */
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

    /** The connections that both ends see and have seen since Go began to wait, or in the 5 s after: one bit each. */
    int sharedSinceWait;

    /** What is broken, or null. */
    @Nullable String violation;

    /** Whether the last step let time pass, and whether A started an exchange in it. */
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

    /** Whether it is closed, and this end does not see it. */
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

    /** Whether its end is under way to either side. */
    boolean isEnding(int c) {
        return Queue.contains(towards(c, 0), Queue.CLOSE) || Queue.contains(towards(c, 1), Queue.CLOSE);
    }

    /** A connection that both ends see as established and whose end is not under way, or -1. */
    int sharedConnection() {
        for (int c = 0; c < count; c++) {
            if (at(c, 0) == OPEN && at(c, 1) == OPEN && !isEnding(c)) {
                return c;
            }
        }
        return -1;
    }

    // ---- Requests of the other end ---------------------------------------------------------------------------------

    /** The deadline of the other's request in flight at {@code e}, a timer; of the older one where there are two. */
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

    /** What is under way to {@code e}. */
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

    /** What is sent where nobody is, or behind a close, is lost. */
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

    /** The seconds until the next timer ends, or 0 when none runs. */
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

    /** Whether nothing can happen any more but what is new. */
    boolean isQuiet() {
        return !isBusy() && untilNextTimer() == 0;
    }
}
