package org.minip2p.handshake.rule;

import static org.minip2p.handshake.rule.Invariants.name;

import org.minip2p.handshake.rule.Choices.Kind;

/** Describes the steps of a {@link World} in words. */
final class Words {
    private static final String[] PHASES = {
        "before the window", "in the window", "past the fork", "past the end of the window"
    };

    private Words() {}

    /** Describes a label. The caller must ask before the label is applied. */
    static String describe(World world, int label) {
        Kind kind = Choices.kind(label);
        int e = Choices.end(label);
        int c = Choices.connection(label);
        String on = name((long) c);
        String what = Queue.word(Queue.head(world.towards(c, e)));
        return switch (kind) {
            case ESTABLISH ->
                name(e) + " sees " + on + " established"
                        + (world.scenario.isDialer(c, e) ? " (dialed by itself)" : " (dialed by the other)");
            case NEVER_ESTABLISH -> name(e) + " never sees " + on;
            case DELIVER -> name(e) + " sees on " + on + ": " + what;
            case DELIVER_LOSING_ANSWER -> name(e) + " sees on " + on + ": " + what + ", and its answer is lost";
            case JUDGE -> name(e) + " verifies the request on " + on;
            case STREAM_DIES_BEFORE_CLOSE -> name(e) + " sees its exchange on " + on + " die of a close";
            case WAIT_ENDS -> name(e) + "'s wait ends";
            case REPEAT_DUE -> name(e) + "'s repeat is due";
            case DEADLINE_ENDS -> name(e) + "'s exchange on " + name((long) world.ends[e].inFlight - 1) + " times out";
            case INBOUND_DEADLINE_ENDS -> name(e) + " gives up waiting for a request on " + on;
            case FREE_STEP -> step(world, e, label);
            case TIME_PASSES -> world.untilNextTimer() + " s pass";
            case LATE_CLOSE -> name(e) + " finds at last that " + on + " is closed";
            case CLOCK -> name(e) + "'s clock is " + PHASES[world.ends[e].phase + 1];
            case ASK -> name(e) + "'s application asks to ask again";
            case SILENT_OPENS -> "B opens a stream on " + on;
            case SILENT_RESETS -> "B resets a stream on " + on;
            case SILENT_CLOSES -> "B closes " + on;
            case SILENT_ANSWERS -> "B answers on " + on;
            case SILENT_DIALS -> on + " is dialed again";
            case FAULT_CLOSE -> "fault: " + name(e) + " closes " + on;
            case FAULT_NETWORK_CLOSE -> "fault: the network closes " + on + " and loses what is under way";
            case FAULT_NETWORK_CLOSE_AFTER_DATA -> "fault: the network closes " + on + " behind what is under way";
            case FAULT_ONE_SIDED_CLOSE -> "fault: " + on + " is closed, and " + name(e) + " does not see it";
            case FAULT_RESTART -> "fault: " + name(e) + " restarts, and the other does not see it";
            case FAULT_STALL -> "fault: the " + what + " on " + on + " is never handled by " + name(e);
            case FAULT_RESET -> "fault: the " + what + " on " + on + " to " + name(e) + " is reset";
            case FAULT_EARLY_WAIT -> "fault: " + name(e) + "'s wait ends early";
            case FAULT_EARLY_DEADLINE -> "fault: " + name(e) + "'s exchange times out early";
        };
    }

    private static String step(World world, int e, int label) {
        ModelEvent event = world.scenario.end(e).freeSteps(world.ends[e].state).get(Choices.step(label));
        ModelEvent.Free step = event.freeStep();
        if (step == null) {
            throw new IllegalStateException("no free step: " + event);
        }
        return switch (step) {
            case BEGIN -> name(e) + " begins to wait for a request";
            case TICK -> name(e) + " looks, and sees that a request has failed";
            case ASK_ON -> name(e) + " opens its stream on " + name((long) event.connection());
        };
    }
}
