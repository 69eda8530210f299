package org.minip2p.handshake.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one end of the explored model does: a function from a state and an event to a state and actions. Times are in seconds. */
interface Behaviour<S> {
    /** The state of an end without connections. */
    S unknown();

    /** What the end does at an event. */
    Outcome<S> apply(S state, ModelEvent event);

    /** The steps that it may take by itself; no time passes before it has taken one. */
    default List<ModelEvent> freeSteps(S state) {
        return List.of();
    }

    /** What our rule knows, if this end follows it. */
    default @Nullable PeerState peer(S state) {
        return null;
    }

    /** How long its wait is. */
    int waitSeconds();

    /** How long it waits for a response. */
    int deadlineSeconds();

    /** How long until its repeat; 0 for none. */
    default int repeatSeconds() {
        return 0;
    }

    /** Which networks it accepts. */
    Networks networks();

    /** A state and the actions, in order. */
    record Outcome<S>(S state, List<Action> actions) {}
}
