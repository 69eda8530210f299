package org.minip2p.handshake.rule;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.minip2p.handshake.rule.World.End;

/** Finds the steps that can happen next in a {@link World}, as labels for {@link Steps}. */
final class Choices {
    /** The kinds of steps. */
    enum Kind {
        ESTABLISH,
        NEVER_ESTABLISH,
        DELIVER,
        DELIVER_LOSING_ANSWER,
        JUDGE,
        STREAM_DIES_BEFORE_CLOSE,
        WAIT_ENDS,
        REPEAT_DUE,
        DEADLINE_ENDS,
        INBOUND_DEADLINE_ENDS,
        FREE_STEP,
        TIME_PASSES,
        LATE_CLOSE,
        CLOCK,
        ASK,
        SILENT_OPENS,
        SILENT_RESETS,
        SILENT_CLOSES,
        SILENT_ANSWERS,
        SILENT_DIALS,
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
    private static final int MAX_SILENT_STREAMS = 2;

    static {
        KINDS.forEach(kind -> KIND_CODES.put(kind, KINDS.indexOf(kind)));
    }

    private final World world;
    private final Scenario scenario;
    private int[] labels = new int[0];
    private int size;

    Choices(World world) {
        this.world = world;
        this.scenario = world.scenario;
    }

    static Kind kind(int label) {
        return KINDS.get(label >> 5);
    }

    static int connection(int label) {
        return label >> 1 & 3;
    }

    static int end(int label) {
        return label & 1;
    }

    /** The index of the free step. */
    static int step(int label) {
        return label >> 3 & 3;
    }

    private static int code(Kind kind) {
        return KIND_CODES.getOrDefault(kind, 0);
    }

    private void add(Kind kind, int connection, int end) {
        labels[size++] = code(kind) << 5 | connection << 1 | end;
    }

    /**
     * Finds everything that can happen next.
     *
     * @param into filled with labels
     * @return the number of labels
     */
    int next(int[] into) {
        labels = into;
        size = 0;
        for (int c = 0; c < world.count; c++) {
            for (int e = 0; e < 2; e++) {
                onConnection(c, e);
            }
        }
        for (int e = 0; e < 2; e++) {
            byItself(e);
        }
        if (scenario.b().isSilent()) {
            bySilent();
        }
        if (!world.isBusy()) {
            whenIdle();
        }
        if (world.faults < scenario.faults()) {
            faults();
        }
        return size;
    }

    private void onConnection(int c, int e) {
        if (e == 1 && scenario.b().isSilent()) {
            return;
        }
        int at = world.at(c, e);
        if (at == World.UNSEEN && mayBegin(c)) {
            add(Kind.ESTABLISH, c, e);
        }
        if (at == World.UNSEEN && Queue.contains(world.towards(c, e), Queue.CLOSE)) {
            add(Kind.NEVER_ESTABLISH, c, e);
        }
        if (world.reading(c, e) != World.NOT_READ) {
            add(Kind.JUDGE, c, e);
        }
        int head = at == World.OPEN ? Queue.head(world.towards(c, e)) : Queue.NOTHING;
        // After a request was read, later messages wait until it is judged. A close does not wait.
        if (head == Queue.CLOSE || (head != Queue.NOTHING && world.reading(c, e) == World.NOT_READ)) {
            add(Kind.DELIVER, c, e);
        }
        if (Queue.kind(head) == Queue.REQUEST && scenario.end(e).isAnchor() && !isAccepted(head, e)) {
            add(Kind.DELIVER_LOSING_ANSWER, c, e);
        }
        if (head == Queue.CLOSE && world.ends[e].inFlight == c + 1) {
            add(Kind.STREAM_DIES_BEFORE_CLOSE, c, e);
        }
        if (world.inbound(c, e) == World.EXPIRED) {
            add(Kind.INBOUND_DEADLINE_ENDS, c, e);
        }
    }

    private boolean isAccepted(int request, int e) {
        int phase = world.ends[e].phase;
        return scenario.end(e).behaviour().networks().accepts(Queue.isNew(request), phase, phase);
    }

    private void byItself(int e) {
        End end = world.ends[e];
        if (end.wait == World.EXPIRED) {
            add(Kind.WAIT_ENDS, 0, e);
        }
        if (end.repeat == World.EXPIRED) {
            add(Kind.REPEAT_DUE, 0, e);
        }
        if (end.deadline == World.EXPIRED) {
            add(Kind.DEADLINE_ENDS, 0, e);
        }
        int steps = scenario.end(e).freeSteps(end.state).size();
        for (int k = 0; k < steps; k++) {
            labels[size++] = code(Kind.FREE_STEP) << 5 | k << 3 | e;
        }
        if (mayClockAdvance(e)) {
            add(Kind.CLOCK, 0, e);
        }
        if (end.asksLeft > 0
                && world.hasOpen(e)
                && scenario.askTime().isNow(end.phase)
                && (scenario.clocks() != Scenario.Clocks.AT_REST || world.isQuiet())) {
            add(Kind.ASK, 0, e);
        }
    }

    private boolean mayClockAdvance(int e) {
        int phase = world.ends[e].phase;
        if (scenario.clocks() == Scenario.Clocks.STOPPED || phase == Networks.PHASES - 1) {
            return false;
        }
        if (scenario.clocks() == Scenario.Clocks.B_STAYS_BEHIND) {
            return e == 0;
        }
        if (!scenario.clocks().areTogether()) {
            return true;
        }
        if (phase > world.ends[1 - e].phase) {
            return false;
        }
        if (scenario.clocks() == Scenario.Clocks.AT_REST && (!world.isQuiet() || !isAllEstablished())) {
            return false;
        }
        return phase < Networks.PHASES - 2 || !isOldUnderWay(e);
    }

    private boolean isAllEstablished() {
        for (int c = 0; c < world.count; c++) {
            if (world.at(c, 0) != World.OPEN || world.at(c, 1) != World.OPEN) {
                return false;
            }
        }
        return true;
    }

    private boolean isOldUnderWay(int e) {
        for (int c = 0; c < world.count; c++) {
            int reading = world.reading(c, 1 - e);
            boolean isAnswerOld = reading != World.NOT_READ && (reading & World.ANSWER_IS_NEW) == 0;
            if (isAnswerOld || Queue.containsOld(world.towards(c, e))) {
                return true;
            }
        }
        return false;
    }

    /**
     * A peer that goes on dialing and closing. It opens up to two streams at a time, writes on none, and may or may not
     * answer.
     */
    private void bySilent() {
        int streams = 0;
        for (int c = 0; c < world.count; c++) {
            streams += (world.inbound(c, 0) == World.OFF ? 0 : 1) + (world.second(c, 0) == World.OFF ? 0 : 1);
        }
        for (int c = 0; c < world.count; c++) {
            boolean isStill = world.towards(c, 0) == 0;
            if (world.at(c, 0) == World.GONE && world.at(c, 1) == World.GONE) {
                add(Kind.SILENT_DIALS, c, 1);
            }
            if (world.at(c, 1) != World.OPEN || world.at(c, 0) != World.OPEN || !isStill) {
                continue;
            }
            add(Kind.SILENT_CLOSES, c, 1);
            if (streams < MAX_SILENT_STREAMS) {
                add(Kind.SILENT_OPENS, c, 1);
            }
            if (world.inbound(c, 0) != World.OFF) {
                add(Kind.SILENT_RESETS, c, 1);
            }
            if (world.ends[0].inFlight == c + 1) {
                add(Kind.SILENT_ANSWERS, c, 1);
            }
        }
    }

    private void whenIdle() {
        if (world.untilNextTimer() > 0) {
            add(Kind.TIME_PASSES, 0, 0);
            return;
        }
        for (int c = 0; c < world.count; c++) {
            for (int e = 0; e < 2; e++) {
                if (world.isOneSided(c, e)) {
                    add(Kind.LATE_CLOSE, c, e);
                }
            }
        }
    }

    private void faults() {
        for (int c = 0; c < world.count; c++) {
            if (!world.isBegun(c)) {
                continue;
            }
            for (int e = 0; e < 2; e++) {
                faultsOnConnection(c, e);
            }
            boolean isWhole = world.at(c, 0) != World.GONE && world.at(c, 1) != World.GONE && !world.isEnding(c);
            if (isWhole) {
                add(Kind.FAULT_NETWORK_CLOSE, c, 0);
                if (world.towards(c, 0) != 0 || world.towards(c, 1) != 0) {
                    add(Kind.FAULT_NETWORK_CLOSE_AFTER_DATA, c, 0);
                }
            }
        }
        for (int e = 0; e < 2; e++) {
            if (world.hasOpen(e) && world.faults + Math.max(1, leftBehind(e)) <= scenario.faults()) {
                add(Kind.FAULT_RESTART, 0, e);
            }
            if (scenario.end(e).isOurs() && world.ends[e].wait > World.EXPIRED) {
                add(Kind.FAULT_EARLY_WAIT, 0, e);
            }
            if (scenario.end(e).isOurs() && world.ends[e].deadline > World.EXPIRED) {
                add(Kind.FAULT_EARLY_DEADLINE, 0, e);
            }
        }
    }

    private void faultsOnConnection(int c, int e) {
        int at = world.at(c, e);
        boolean isEnding = Queue.contains(world.towards(c, e), Queue.CLOSE) || world.isOneSided(c, e);
        if (at == World.OPEN || (at == World.UNSEEN && !isEnding)) {
            add(Kind.FAULT_CLOSE, c, e);
        }
        if (at == World.OPEN
                && world.at(c, 1 - e) != World.GONE
                && !isEnding
                && !world.isAnyOneSided()
                && !Queue.contains(world.towards(c, 1 - e), Queue.CLOSE)) {
            add(Kind.FAULT_ONE_SIDED_CLOSE, c, e);
        }
        int head = at == World.OPEN ? Queue.kind(Queue.head(world.towards(c, e))) : Queue.NOTHING;
        if (head == Queue.STREAM || head == Queue.REQUEST || head == Queue.RESPONSE) {
            add(Kind.FAULT_STALL, c, e);
            add(Kind.FAULT_RESET, c, e);
        }
    }

    /** Connections of the same dialer are interchangeable, so they begin in the order of their numbers. */
    private boolean mayBegin(int connection) {
        for (int c = 0; c < connection; c++) {
            if (scenario.dialedByA().get(c).equals(scenario.dialedByA().get(connection)) && !world.isBegun(c)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a restart of this end would leave the other end with a connection that it does not see close. */
    static boolean isLeftBehind(World world, int c, int e) {
        return world.at(c, e) != World.GONE
                && world.at(c, 1 - e) == World.OPEN
                && !Queue.contains(world.towards(c, 1 - e), Queue.CLOSE);
    }

    /** A restart counts as one fault for each connection that the other end does not see close. */
    private int leftBehind(int e) {
        return leftBehind(world, e);
    }

    static int leftBehind(World world, int e) {
        int left = 0;
        for (int c = 0; c < world.count; c++) {
            left += isLeftBehind(world, c, e) ? 1 : 0;
        }
        return left;
    }
}
