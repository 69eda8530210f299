package org.minip2p.handshake.rule;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The explored model: end A (ours), end B (the partner), and what is under way between them. Mutable; it is loaded from, and
 * packed into, {@link #LONGS} numbers.
 *
 * <p>Each connection is seen by each end in its own time, and has one queue in each direction. What an end sends arrives in
 * order; a close arrives behind what was sent before. Time is counted in units of 5 s, and passes only when nothing is under way
 * (connections that were not begun excepted: they can come at any time).
 */
final class World {
    static final int MAX_CONNECTIONS = 3;
    static final int LONGS = 5;

    /** How an end sees a connection. */
    private static final int UNSEEN = 0;

    private static final int OPEN = 1;
    private static final int GONE = 2;

    /** A timer: not armed, expired and not yet told, or units left plus one. */
    private static final int OFF = 0;

    private static final int EXPIRED = 1;

    /** What can happen next. */
    enum Kind {
        ESTABLISH,
        NEVER_ESTABLISH,
        DELIVER,
        STREAM_DIES_BEFORE_CLOSE,
        WAIT_ENDS,
        DEADLINE_ENDS,
        INBOUND_DEADLINE_ENDS,
        TIME_PASSES,
        LATE_CLOSE,
        FAULT_CLOSE,
        FAULT_NETWORK_CLOSE,
        FAULT_NETWORK_CLOSE_AFTER_DATA,
        FAULT_ONE_SIDED_CLOSE,
        FAULT_RESTART,
        FAULT_STALL,
        FAULT_RESET,
        FAULT_EARLY_WAIT,
        FAULT_EARLY_DEADLINE
    }

    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final Map<Kind, Integer> KIND_CODES = new EnumMap<>(Kind.class);

    static {
        KINDS.forEach(kind -> KIND_CODES.put(kind, KINDS.indexOf(kind)));
    }

    private final ModelEnd<?>[] ends;
    private final boolean[] dialedByA;
    private final int count;
    private final int maxFaults;

    private final int[] view;
    private final int[] queue;
    private int oneSided;
    private int inbound;
    private int inboundExpired;
    private final int[] wait = new int[2];
    private final int[] deadline = new int[2];
    private final int[] inFlight = new int[2];
    private final int[] completed = new int[2];
    private final boolean[] failed = new boolean[2];
    private boolean isResponseLost;
    private int faults;
    /** The connections that both ends see and have seen since Go began to wait, or in the 5 s after: one bit each. */
    private int sharedSinceWait;

    private final int[] state = new int[2];
    private @Nullable String violation;

    /**
     * A world in which nothing was begun.
     *
     * @param a end A
     * @param b end B
     * @param dialedByA who dials each connection
     * @param maxFaults how many faults may happen
     */
    World(ModelEnd<?> a, ModelEnd<?> b, boolean[] dialedByA, int maxFaults) {
        this.ends = new ModelEnd<?>[] {a, b};
        this.dialedByA = dialedByA.clone();
        this.count = dialedByA.length;
        this.maxFaults = maxFaults;
        this.view = new int[2 * count];
        this.queue = new int[2 * count];
    }

    // ---- Packing ---------------------------------------------------------------------------------------------------

    void pack(long[] to) {
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            to[i] = i < count ? (long) queue[2 * i] << 32 | queue[2 * i + 1] : 0;
        }
        long bits = 0;
        for (int i = 0; i < 2 * count; i++) {
            bits = bits << 2 | view[i];
        }
        bits = bits << 6 | oneSided;
        bits = bits << 6 | inbound;
        bits = bits << 6 | inboundExpired;
        for (int e = 0; e < 2; e++) {
            bits = bits << 3 | wait[e];
            bits = bits << 3 | deadline[e];
            bits = bits << 2 | inFlight[e];
            bits = bits << 2 | completed[e];
            bits = bits << 1 | (failed[e] ? 1 : 0);
        }
        bits = bits << 1 | (isResponseLost ? 1 : 0);
        bits = bits << 2 | faults;
        bits = bits << 3 | sharedSinceWait;
        to[3] = bits;
        to[4] = (long) state[0] << 32 | state[1];
    }

    void load(long[] from) {
        for (int i = 0; i < count; i++) {
            queue[2 * i] = (int) (from[i] >>> 32);
            queue[2 * i + 1] = (int) from[i];
        }
        long bits = from[3];
        sharedSinceWait = (int) bits & 7;
        bits >>>= 3;
        faults = (int) bits & 3;
        bits >>>= 2;
        isResponseLost = (bits & 1) != 0;
        bits >>>= 1;
        for (int e = 1; e >= 0; e--) {
            failed[e] = (bits & 1) != 0;
            bits >>>= 1;
            completed[e] = (int) bits & 3;
            bits >>>= 2;
            inFlight[e] = (int) bits & 3;
            bits >>>= 2;
            deadline[e] = (int) bits & 7;
            bits >>>= 3;
            wait[e] = (int) bits & 7;
            bits >>>= 3;
        }
        inboundExpired = (int) bits & 63;
        bits >>>= 6;
        inbound = (int) bits & 63;
        bits >>>= 6;
        oneSided = (int) bits & 63;
        bits >>>= 6;
        for (int i = 2 * count - 1; i >= 0; i--) {
            view[i] = (int) bits & 3;
            bits >>>= 2;
        }
        state[0] = (int) (from[4] >>> 32);
        state[1] = (int) from[4];
        violation = null;
    }

    // ---- What can happen -------------------------------------------------------------------------------------------

    private static int label(Kind kind, int connection, int end) {
        return KIND_CODES.getOrDefault(kind, 0) << 4 | connection << 1 | end;
    }

    /**
     * What can happen next.
     *
     * @param labels filled with what {@link #apply} takes
     * @return how many there are
     */
    int next(int[] labels) {
        int size = 0;
        for (int c = 0; c < count; c++) {
            for (int e = 0; e < 2; e++) {
                if (at(c, e) == UNSEEN && mayBegin(c)) {
                    labels[size++] = label(Kind.ESTABLISH, c, e);
                }
                if (at(c, e) == UNSEEN && Queue.contains(towards(c, e), Queue.CLOSE)) {
                    labels[size++] = label(Kind.NEVER_ESTABLISH, c, e);
                }
                int head = at(c, e) == OPEN ? Queue.head(towards(c, e)) : Queue.NOTHING;
                if (head != Queue.NOTHING) {
                    labels[size++] = label(Kind.DELIVER, c, e);
                }
                if (head == Queue.CLOSE && inFlight[e] == c + 1) {
                    labels[size++] = label(Kind.STREAM_DIES_BEFORE_CLOSE, c, e);
                }
                if ((inboundExpired & bit(c, e)) != 0) {
                    labels[size++] = label(Kind.INBOUND_DEADLINE_ENDS, c, e);
                }
            }
        }
        for (int e = 0; e < 2; e++) {
            if (wait[e] == EXPIRED) {
                labels[size++] = label(Kind.WAIT_ENDS, 0, e);
            }
            if (deadline[e] == EXPIRED) {
                labels[size++] = label(Kind.DEADLINE_ENDS, 0, e);
            }
        }
        if (!isBusy()) {
            size = nextWhenIdle(labels, size);
        }
        return faults < maxFaults ? nextFaults(labels, size) : size;
    }

    private int nextWhenIdle(int[] labels, int from) {
        int size = from;
        if (isTimerRunning()) {
            labels[size++] = label(Kind.TIME_PASSES, 0, 0);
        } else {
            for (int c = 0; c < count; c++) {
                for (int e = 0; e < 2; e++) {
                    if ((oneSided & bit(c, e)) != 0) {
                        labels[size++] = label(Kind.LATE_CLOSE, c, e);
                    }
                }
            }
        }
        return size;
    }

    private int nextFaults(int[] labels, int from) {
        int size = from;
        for (int c = 0; c < count; c++) {
            if (!isBegun(c)) {
                continue;
            }
            for (int e = 0; e < 2; e++) {
                boolean isEnding = Queue.contains(towards(c, e), Queue.CLOSE) || (oneSided & bit(c, e)) != 0;
                if (at(c, e) == OPEN || (at(c, e) == UNSEEN && !isEnding)) {
                    labels[size++] = label(Kind.FAULT_CLOSE, c, e);
                }
                if (at(c, e) == OPEN
                        && at(c, 1 - e) != GONE
                        && !isEnding
                        && oneSided == 0
                        && !Queue.contains(towards(c, 1 - e), Queue.CLOSE)) {
                    labels[size++] = label(Kind.FAULT_ONE_SIDED_CLOSE, c, e);
                }
                int head = at(c, e) == OPEN ? Queue.head(towards(c, e)) : Queue.NOTHING;
                if (head == Queue.STREAM || head == Queue.REQUEST || head == Queue.RESPONSE) {
                    labels[size++] = label(Kind.FAULT_STALL, c, e);
                    labels[size++] = label(Kind.FAULT_RESET, c, e);
                }
            }
            boolean isWhole = at(c, 0) != GONE
                    && at(c, 1) != GONE
                    && !Queue.contains(towards(c, 0), Queue.CLOSE)
                    && !Queue.contains(towards(c, 1), Queue.CLOSE);
            if (isWhole) {
                labels[size++] = label(Kind.FAULT_NETWORK_CLOSE, c, 0);
                if (towards(c, 0) != 0 || towards(c, 1) != 0) {
                    labels[size++] = label(Kind.FAULT_NETWORK_CLOSE_AFTER_DATA, c, 0);
                }
            }
        }
        for (int e = 0; e < 2; e++) {
            if (hasOpen(e) && faults + Math.max(1, leftBehind(e)) <= maxFaults) {
                labels[size++] = label(Kind.FAULT_RESTART, 0, e);
            }
            if (ends[e].isOurs() && wait[e] > EXPIRED) {
                labels[size++] = label(Kind.FAULT_EARLY_WAIT, 0, e);
            }
            if (ends[e].isOurs() && deadline[e] > EXPIRED) {
                labels[size++] = label(Kind.FAULT_EARLY_DEADLINE, 0, e);
            }
        }
        return size;
    }

    /** Connections of one dialer are alike, so they begin in the order of their numbers. */
    private boolean mayBegin(int connection) {
        for (int c = 0; c < connection; c++) {
            if (dialedByA[c] == dialedByA[connection] && !isBegun(c)) {
                return false;
            }
        }
        return true;
    }

    private boolean isBegun(int connection) {
        return at(connection, 0) != UNSEEN || at(connection, 1) != UNSEEN;
    }

    private boolean isBusy() {
        if (inboundExpired != 0 || wait[0] == EXPIRED || wait[1] == EXPIRED) {
            return true;
        }
        if (deadline[0] == EXPIRED || deadline[1] == EXPIRED) {
            return true;
        }
        for (int c = 0; c < count; c++) {
            for (int e = 0; e < 2; e++) {
                if (at(c, e) == UNSEEN ? isBegun(c) : towards(c, e) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isTimerRunning() {
        boolean isAny = wait[0] > EXPIRED || wait[1] > EXPIRED || deadline[0] > EXPIRED || deadline[1] > EXPIRED;
        return isAny || inboundOfOurs() != 0;
    }

    private int inboundOfOurs() {
        int ours = 0;
        for (int c = 0; c < count; c++) {
            for (int e = 0; e < 2; e++) {
                ours |= ends[e].isOurs() ? inbound & bit(c, e) : 0;
            }
        }
        return ours;
    }

    // ---- Happening -------------------------------------------------------------------------------------------------

    /** Lets it happen. */
    void apply(int label) {
        int c = label >> 1 & 7;
        int e = label & 1;
        switch (KINDS.get(label >> 4)) {
            case ESTABLISH -> {
                view[2 * c + e] = OPEN;
                tell(e, ModelEvent.established(c, dialedByA[c] == (e == 0)));
            }
            case NEVER_ESTABLISH -> gone(c, e);
            case DELIVER -> deliver(c, e);
            case STREAM_DIES_BEFORE_CLOSE -> oursEnds(e, ModelEvent.oursClosed(c));
            case WAIT_ENDS -> {
                wait[e] = OFF;
                tell(e, ModelEvent.waitEnded());
            }
            case DEADLINE_ENDS -> deadlineEnds(e);
            case INBOUND_DEADLINE_ENDS -> {
                if (!Queue.contains(towards(c, e), Queue.RESET_BY_INITIATOR)) {
                    send(c, e, Queue.RESET_BY_RESPONDER);
                }
                inboundEnds(c, e);
                tell(e, ModelEvent.requestDied(c));
            }
            case TIME_PASSES -> timePasses();
            case LATE_CLOSE -> closeAt(c, e);
            default -> {
                faults++;
                fault(KINDS.get(label >> 4), c, e);
            }
        }
        noteShared();
        checkAlways();
    }

    private void noteShared() {
        boolean isWaiting = ends[1].isGo() && wait[1] > EXPIRED;
        boolean isFresh = isWaiting && wait[1] == EXPIRED + ends[1].behaviour().waitUnits();
        for (int c = 0; c < count; c++) {
            boolean isShared = at(c, 0) == OPEN && at(c, 1) == OPEN;
            if (isShared && isFresh) {
                sharedSinceWait |= 1 << c;
            } else if (!isShared || wait[1] == OFF) {
                sharedSinceWait &= ~(1 << c);
            }
        }
    }

    private void fault(Kind kind, int c, int e) {
        switch (kind) {
            case FAULT_CLOSE -> {
                if (at(c, e) == OPEN) {
                    closeByEnd(c, e);
                } else {
                    send(c, e, Queue.CLOSE);
                    gone(c, e);
                }
            }
            case FAULT_NETWORK_CLOSE -> {
                queue[2 * c] = Queue.CLOSE;
                queue[2 * c + 1] = Queue.CLOSE;
            }
            case FAULT_NETWORK_CLOSE_AFTER_DATA -> {
                send(c, 0, Queue.CLOSE);
                send(c, 1, Queue.CLOSE);
            }
            case FAULT_ONE_SIDED_CLOSE -> {
                queue[2 * c + 1 - e] = 0;
                oneSided |= bit(c, e);
                if (at(c, 1 - e) == OPEN) {
                    closeAt(c, 1 - e);
                } else {
                    gone(c, 1 - e);
                }
            }
            case FAULT_RESTART -> restart(e);
            case FAULT_STALL -> stallOrReset(c, e, false);
            case FAULT_RESET -> stallOrReset(c, e, true);
            case FAULT_EARLY_WAIT -> wait[e] = EXPIRED;
            case FAULT_EARLY_DEADLINE -> deadline[e] = EXPIRED;
            default -> throw new IllegalStateException("no fault: " + kind);
        }
    }

    /** The end has forgotten everything, under the same identity; the other has not seen any of its connections close. */
    private void restart(int e) {
        faults += Math.max(1, leftBehind(e)) - 1;
        for (int c = 0; c < count; c++) {
            if (at(c, e) == GONE || !isBegun(c)) {
                continue;
            }
            if (isLeftBehind(c, e)) {
                queue[2 * c + e] = 0;
                oneSided |= bit(c, 1 - e);
            } else if (at(c, 1 - e) == UNSEEN) {
                send(c, e, Queue.CLOSE);
            }
            gone(c, e);
        }
        state[e] = ModelEnd.UNKNOWN;
        wait[e] = OFF;
        deadline[e] = OFF;
        inFlight[e] = 0;
        completed[e] = 0;
        failed[e] = false;
    }

    private boolean isLeftBehind(int c, int e) {
        return at(c, e) != GONE && at(c, 1 - e) == OPEN && !Queue.contains(towards(c, 1 - e), Queue.CLOSE);
    }

    /** A restart is as many faults as connections that the other end does not see closing. */
    private int leftBehind(int e) {
        int left = 0;
        for (int c = 0; c < count; c++) {
            left += isLeftBehind(c, e) ? 1 : 0;
        }
        return left;
    }

    /** What is at the head of the queue towards {@code e} is never handled, or answered by a reset. */
    private void stallOrReset(int c, int e, boolean isReset) {
        int head = takeHead(c, e);
        if (head == Queue.RESPONSE) {
            isResponseLost |= e == 1;
            if (isReset) {
                oursEnds(e, ModelEvent.oursReset(c));
            }
            return;
        }
        boolean isAlive = head == Queue.REQUEST;
        if (head == Queue.STREAM) {
            isAlive = takeHead(c, e) == Queue.REQUEST;
        }
        if (isReset && isAlive) {
            send(c, e, Queue.RESET_BY_RESPONDER);
        }
        if (isReset && head == Queue.REQUEST) {
            inboundEnds(c, e);
            // In Go this is an error of its handler, and all connections are closed.
            tell(e, ends[e].isGo() ? ModelEvent.requestRefused(c) : ModelEvent.requestDied(c));
        }
    }

    private void deliver(int c, int e) {
        int symbol = takeHead(c, e);
        switch (symbol) {
            case Queue.STREAM -> {
                inbound |= bit(c, e);
                tell(e, ModelEvent.requestOpened(c));
            }
            case Queue.REQUEST, Queue.DEAD_REQUEST -> {
                if ((inbound & bit(c, e)) != 0) {
                    inboundEnds(c, e);
                    if (symbol == Queue.REQUEST) {
                        send(c, e, Queue.RESPONSE);
                    }
                    tell(e, ModelEvent.requestVerified(c));
                }
            }
            case Queue.RESET_BY_INITIATOR -> {
                if ((inbound & bit(c, e)) != 0) {
                    inboundEnds(c, e);
                    tell(e, ModelEvent.requestDied(c));
                }
            }
            case Queue.RESPONSE -> oursEnds(e, ModelEvent.responseVerified(c));
            case Queue.RESET_BY_RESPONDER -> oursEnds(e, ModelEvent.oursReset(c));
            case Queue.CLOSE -> closeAt(c, e);
            default -> throw new IllegalStateException("nothing to deliver");
        }
    }

    private void oursEnds(int e, ModelEvent event) {
        inFlight[e] = 0;
        deadline[e] = OFF;
        tell(e, event);
    }

    private void deadlineEnds(int e) {
        int c = inFlight[e] - 1;
        // What is under way of the abandoned exchange finds nobody; a request that was sent may still be read.
        queue[2 * c + e] = Queue.replace(queue[2 * c + e], Queue.REQUEST, Queue.DEAD_REQUEST);
        queue[2 * c + 1 - e] =
                Queue.without(Queue.without(queue[2 * c + 1 - e], Queue.RESPONSE), Queue.RESET_BY_RESPONDER);
        send(c, e, Queue.RESET_BY_INITIATOR);
        oursEnds(e, ModelEvent.oursTimedOut(c));
    }

    private void timePasses() {
        for (int e = 0; e < 2; e++) {
            wait[e] -= wait[e] > EXPIRED ? 1 : 0;
            deadline[e] -= deadline[e] > EXPIRED ? 1 : 0;
        }
        inboundExpired = inboundOfOurs();
    }

    private void inboundEnds(int c, int e) {
        inbound &= ~bit(c, e);
        inboundExpired &= ~bit(c, e);
    }

    private void closeByEnd(int c, int e) {
        send(c, e, Queue.CLOSE);
        closeAt(c, e);
    }

    /** The end sees the close. */
    private void closeAt(int c, int e) {
        gone(c, e);
        boolean isCut = inFlight[e] == c + 1;
        if (isCut) {
            inFlight[e] = 0;
            deadline[e] = OFF;
        }
        tell(e, ModelEvent.closed(c));
        if (!hasOpen(e)) {
            if (isCut && ends[e].isOurs() && completed[e] == 0 && !failed[e]) {
                violation = "invariant 1: " + name(e)
                        + " tells nothing though its last connection closed under its exchange";
            }
            completed[e] = 0;
            failed[e] = false;
        }
    }

    private boolean hasOpen(int e) {
        for (int c = 0; c < count; c++) {
            if (at(c, e) == OPEN) {
                return true;
            }
        }
        return false;
    }

    private void gone(int c, int e) {
        view[2 * c + e] = GONE;
        queue[2 * c + 1 - e] = 0;
        oneSided &= ~bit(c, e);
        inboundEnds(c, e);
    }

    /** Hands the event to the end and does what it asks for. */
    private void tell(int e, ModelEvent event) {
        ModelEnd.Step step = ends[e].step(state[e], event);
        state[e] = step.state();
        for (Action action : step.actions()) {
            if (action instanceof Action.StartExchange a) {
                start((int) a.connection(), e);
            } else if (action instanceof Action.ArmWait) {
                wait[e] = EXPIRED + ends[e].behaviour().waitUnits();
            } else if (action instanceof Action.CancelWait) {
                wait[e] = OFF;
            } else if (action instanceof Action.TellCompleted) {
                completed[e]++;
                if (completed[e] > 1) {
                    violation = "invariant 2: " + name(e) + " has told Completed twice";
                    completed[e] = 2;
                }
            } else if (action instanceof Action.TellFailed a) {
                failed[e] = true;
                checkFailure(e, a);
            } else if (action instanceof Action.CloseConnection a) {
                closeByEnd((int) a.connection(), e);
            }
        }
    }

    private void start(int c, int e) {
        if (inFlight[e] != 0) {
            violation = "invariant 3: " + name(e) + " has two exchanges in flight";
            return;
        }
        if (ends[e].isOurs() && (inbound & bit(c, e)) != 0) {
            violation =
                    "economy: " + name(e) + " asks on " + (char) ('X' + c) + " though it sees the other asking there";
        }
        inFlight[e] = c + 1;
        deadline[e] = EXPIRED + ends[e].behaviour().deadlineUnits();
        send(c, e, Queue.STREAM);
        send(c, e, Queue.REQUEST);
    }

    // ---- The invariants --------------------------------------------------------------------------------------------

    /** The invariant that is broken here, or null. */
    @Nullable String violation() {
        if (violation == null && !isBusy() && !isTimerRunning()) {
            checkQuiet();
        }
        return violation;
    }

    private void checkFailure(int e, Action.TellFailed told) {
        boolean isExpiry = ends[e].isGo() && told.ending() == Ending.TIMEOUT && !told.initiatedByUs();
        if (isExpiry && couldHaveAsked()) {
            violation = "invariant 5: Go's 20 s have passed and it closes all connections";
        }
        if (!ends[e].isOurs()) {
            return;
        }
        if (told.ending() != Ending.CONNECTION_CLOSED && sharedConnection() >= 0) {
            violation = "invariant 1: " + name(e) + " tells a failure though " + (char) ('X' + sharedConnection())
                    + " is established";
        }
        for (int c = 0; c < count; c++) {
            if (told.ending() == Ending.CONNECTION_CLOSED && at(c, e) == OPEN) {
                violation = "invariant 1: " + name(e) + " tells a close though " + (char) ('X' + c) + " is open";
            }
        }
    }

    /**
     * Whether A could have known that Go waits: since Go began to wait there was a connection for both. While A holds one that is
     * closed without A knowing, it takes the peer for covered by it, and only its own outbound connections count: Go ignores one
     * that it dialed itself while it waits on another.
     */
    private boolean couldHaveAsked() {
        for (int c = 0; c < count; c++) {
            boolean isDeceived = (oneSided & (bit(0, 0) | bit(1, 0) | bit(2, 0))) != 0;
            if ((sharedSinceWait & 1 << c) != 0 && (dialedByA[c] || !isDeceived)) {
                return true;
            }
        }
        return false;
    }

    private void checkAlways() {
        for (int e = 0; e < 2; e++) {
            if (!ends[e].isOurs() || violation != null) {
                continue;
            }
            PeerState peer = (PeerState) ends[e].state(state[e]);
            int known = 0;
            int asked = 0;
            for (PeerState.Connection connection : peer.connections()) {
                known |= 1 << connection.id();
                asked = connection.ours().isInFlight() ? (int) connection.id() + 1 : asked;
            }
            int open = 0;
            for (int c = 0; c < count; c++) {
                open |= at(c, e) == OPEN ? 1 << c : 0;
            }
            if (known != open) {
                violation = "invariant 4: " + name(e) + " counts other connections than are open";
            } else if (open == 0 && (!peer.equals(PeerState.UNKNOWN) || wait[e] != OFF || inFlight[e] != 0)) {
                violation = "invariant 4: " + name(e) + " keeps state without a connection";
            } else if (asked != inFlight[e] || (peer.waiting() == PeerState.Wait.ARMED) != (wait[e] != OFF)) {
                violation = "invariant 4: " + name(e) + " is wrong about its exchange or its wait";
            }
        }
    }

    private void checkQuiet() {
        int shared = sharedConnection();
        if (shared < 0 || oneSided != 0) {
            return;
        }
        for (int e = 0; e < 2; e++) {
            boolean isExcused = ends[e].isSeed() && failed[e] && isResponseLost;
            if (completed[e] == 0 && !isExcused) {
                violation = "invariant 1: all is quiet, " + (char) ('X' + shared) + " is established at both ends, and "
                        + name(e) + " has not completed";
                return;
            }
        }
    }

    /** A connection that both ends see as established and whose end is not under way, or -1. */
    private int sharedConnection() {
        for (int c = 0; c < count; c++) {
            boolean isEnding = Queue.contains(towards(c, 0), Queue.CLOSE) || Queue.contains(towards(c, 1), Queue.CLOSE);
            if (at(c, 0) == OPEN && at(c, 1) == OPEN && !isEnding) {
                return c;
            }
        }
        return -1;
    }

    // ---- Queues ----------------------------------------------------------------------------------------------------

    private int at(int c, int e) {
        return view[2 * c + e];
    }

    private static int bit(int c, int e) {
        return 1 << (2 * c + e);
    }

    /** What is under way to {@code e}. */
    private int towards(int c, int e) {
        return queue[2 * c + 1 - e];
    }

    private int takeHead(int c, int e) {
        int head = Queue.head(towards(c, e));
        queue[2 * c + 1 - e] = Queue.tail(towards(c, e));
        return head;
    }

    /** What is sent where nobody is, or behind a close, is lost. */
    private void send(int c, int e, int symbol) {
        if (at(c, 1 - e) == GONE || Queue.contains(queue[2 * c + e], Queue.CLOSE)) {
            return;
        }
        queue[2 * c + e] = Queue.append(queue[2 * c + e], symbol);
    }

    // ---- Words -----------------------------------------------------------------------------------------------------

    private static String name(int e) {
        return e == 0 ? "A" : "B";
    }

    /** What happens, in words; to be asked before it is applied. */
    String describe(int label) {
        Kind kind = KINDS.get(label >> 4);
        int e = label & 1;
        int c = label >> 1 & 7;
        String connection = String.valueOf((char) ('X' + c));
        String what = Queue.word(Queue.head(towards(c, e)));
        return switch (kind) {
            case ESTABLISH ->
                name(e) + " sees " + connection + " established"
                        + (dialedByA[c] == (e == 0) ? " (dialed by itself)" : " (dialed by the other)");
            case NEVER_ESTABLISH -> name(e) + " never sees " + connection;
            case DELIVER -> name(e) + " sees on " + connection + ": " + what;
            case STREAM_DIES_BEFORE_CLOSE -> name(e) + " sees its exchange on " + connection + " die of a close";
            case WAIT_ENDS -> name(e) + "'s wait ends";
            case DEADLINE_ENDS -> name(e) + "'s exchange on " + (char) ('X' + inFlight[e] - 1) + " times out";
            case INBOUND_DEADLINE_ENDS -> name(e) + " gives up waiting for a request on " + connection;
            case TIME_PASSES -> "5 s pass";
            case LATE_CLOSE -> name(e) + " finds at last that " + connection + " is closed";
            case FAULT_CLOSE -> "fault: " + name(e) + " closes " + connection;
            case FAULT_NETWORK_CLOSE -> "fault: the network closes " + connection + " and loses what is under way";
            case FAULT_NETWORK_CLOSE_AFTER_DATA ->
                "fault: the network closes " + connection + " behind what is under way";
            case FAULT_ONE_SIDED_CLOSE -> "fault: " + connection + " is closed, and " + name(e) + " does not see it";
            case FAULT_RESTART -> "fault: " + name(e) + " restarts, and the other does not see it";
            case FAULT_STALL -> "fault: the " + what + " on " + connection + " is never handled by " + name(e);
            case FAULT_RESET -> "fault: the " + what + " on " + connection + " to " + name(e) + " is reset";
            case FAULT_EARLY_WAIT -> "fault: " + name(e) + "'s wait ends early";
            case FAULT_EARLY_DEADLINE -> "fault: " + name(e) + "'s exchange times out early";
        };
    }

    @Override
    public String toString() {
        return IntStream.range(0, count)
                .mapToObj(c -> (char) ('X' + c) + " dialed by " + (dialedByA[c] ? "A" : "B"))
                .collect(Collectors.joining(", "));
    }
}
