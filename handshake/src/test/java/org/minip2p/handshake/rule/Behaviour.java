package org.minip2p.handshake.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The behavior of one end of the explored model: a function from a state and an event to a state and actions. Times are
 * in seconds.
 */
interface Behaviour<S> {
    /** The state of an end without connections. */
    S unknown();

    /** What the end does when an event occurs. */
    Outcome<S> apply(S state, ModelEvent event);

    /** The steps that the end may take by itself. No time passes before it has taken one. */
    default List<ModelEvent> freeSteps(S state) {
        return List.of();
    }

    /** The state of our rule, if this end follows it. */
    default @Nullable PeerState peer(S state) {
        return null;
    }

    /** How long the end waits for a request. */
    int waitSeconds();

    /** How long the end waits for a response. */
    int deadlineSeconds();

    /** The time until the repeat; 0 for no repeat. */
    default int repeatSeconds() {
        return 0;
    }

    /** The networks that the end names and accepts. */
    Networks networks();

    /** The next state, and the actions in order. */
    record Outcome<S>(S state, List<Action> actions) {}
}
