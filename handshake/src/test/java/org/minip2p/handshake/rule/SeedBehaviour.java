package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * The seed rule: starts when an outbound connection is established and no other one is; answers always; never tries again. Its
 * exchange ends by itself after 10 s.
 */
record SeedBehaviour() implements Behaviour<SeedBehaviour.State> {
    /** The open connections, the one that its exchange is in flight on (or none), and whether it has completed. */
    record State(List<Long> open, long asking, boolean isComplete) {
        static final State UNKNOWN = new State(List.of(), NONE, false);
    }

    private static final long NONE = -1;

    @Override
    public State unknown() {
        return State.UNKNOWN;
    }

    @Override
    public int waitUnits() {
        return 0;
    }

    @Override
    public int deadlineUnits() {
        return 2;
    }

    @Override
    public Outcome<State> apply(State state, Event event) {
        List<Action> actions = new ArrayList<>();
        List<Long> open = new ArrayList<>(state.open());
        long asking = state.asking();
        boolean isComplete = state.isComplete();
        if (event instanceof Event.ConnectionEstablished e) {
            open.add(e.connection());
            open.sort(null);
            if (e.outbound() && open.size() == 1) {
                asking = e.connection();
                actions.add(new Action.StartExchange(asking));
            }
        } else if (event instanceof Event.ConnectionClosed e) {
            open.remove(e.connection());
            if (asking == e.connection()) {
                asking = NONE;
                actions.add(new Action.TellFailed(e.connection(), true, Ending.CONNECTION_CLOSED));
            }
        } else if (event instanceof Event.OursEnded e) {
            asking = NONE;
            actions.add(new Action.TellFailed(e.connection(), true, e.ending()));
        } else if (event instanceof Event.ResponseVerified || event instanceof Event.RequestVerified) {
            asking = event instanceof Event.ResponseVerified ? NONE : asking;
            if (!isComplete) {
                isComplete = true;
                actions.add(new Action.TellCompleted(0, event instanceof Event.ResponseVerified));
            }
        }
        State next = open.isEmpty() ? State.UNKNOWN : new State(List.copyOf(open), asking, isComplete);
        return new Outcome<>(next, actions);
    }
}
