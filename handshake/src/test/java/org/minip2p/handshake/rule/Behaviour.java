package org.minip2p.handshake.rule;

import java.util.List;

/** What one end of the explored model does: a function from a state and an event to a state and actions. */
interface Behaviour<S> {
    /** The state of an end without connections. */
    S unknown();

    /** What the end does at an event. */
    Outcome<S> apply(S state, Event event);

    /** How long its wait is, in units of 5 s. */
    int waitUnits();

    /** How long it waits for a response, in units of 5 s. */
    int deadlineUnits();

    /** A state and the actions, in order. */
    record Outcome<S>(S state, List<Action> actions) {}
}
