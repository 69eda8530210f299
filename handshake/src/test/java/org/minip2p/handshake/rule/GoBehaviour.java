package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * What ssv's node in Go does: one handling per peer. An inbound connection waits up to 20 s for a request on any connection, an
 * outbound one starts; another connection meanwhile, or after the peer has passed, is ignored. A failure closes all connections
 * to the peer. It answers always.
 */
record GoBehaviour() implements Behaviour<GoBehaviour.State> {
    /** What goes on with the peer. */
    enum Handling {
        NONE,
        WAITING,
        ASKING
    }

    /** The open connections, the handling and the connection it asks on, and whether the peer has passed. */
    record State(List<Long> open, Handling handling, long asking, boolean hasPassed) {
        static final State UNKNOWN = new State(List.of(), Handling.NONE, NONE, false);

        State withOpen(List<Long> next) {
            return new State(List.copyOf(next), handling, asking, hasPassed);
        }

        State handling(Handling next, long connection) {
            return new State(open, next, connection, hasPassed);
        }

        State passed() {
            return new State(open, Handling.NONE, NONE, true);
        }
    }

    private static final long NONE = -1;

    @Override
    public State unknown() {
        return State.UNKNOWN;
    }

    @Override
    public int waitUnits() {
        return 4;
    }

    @Override
    public int deadlineUnits() {
        return 2;
    }

    @Override
    public Outcome<State> apply(State state, Event event) {
        List<Action> actions = new ArrayList<>();
        State next = state;
        if (event instanceof Event.ConnectionEstablished e) {
            next = onEstablished(state, e, actions);
        } else if (event instanceof Event.ConnectionClosed e) {
            next = onClosed(state, e.connection(), actions);
        } else if (event instanceof Event.RequestVerified && state.handling() == Handling.WAITING) {
            actions.add(new Action.CancelWait());
            actions.add(new Action.TellCompleted(0, false));
            next = state.passed();
        } else if (event instanceof Event.RequestRefused && state.handling() == Handling.WAITING) {
            actions.add(new Action.CancelWait());
            next = fail(state, false, Ending.REFUSED, actions);
        } else if (event instanceof Event.ResponseVerified && state.handling() == Handling.ASKING) {
            actions.add(new Action.TellCompleted(0, true));
            next = state.passed();
        } else if (event instanceof Event.OursEnded e && state.handling() == Handling.ASKING) {
            next = fail(state, true, e.ending(), actions);
        } else if (event instanceof Event.WaitEnded) {
            next = fail(state, false, Ending.TIMEOUT, actions);
        }
        return new Outcome<>(next, actions);
    }

    private static State onEstablished(State state, Event.ConnectionEstablished event, List<Action> actions) {
        List<Long> open = new ArrayList<>(state.open());
        open.add(event.connection());
        open.sort(null);
        State next = state.withOpen(open);
        if (state.handling() != Handling.NONE || state.hasPassed()) {
            return next;
        }
        if (!event.outbound()) {
            actions.add(new Action.ArmWait());
            return next.handling(Handling.WAITING, NONE);
        }
        actions.add(new Action.StartExchange(event.connection()));
        return next.handling(Handling.ASKING, event.connection());
    }

    private static State onClosed(State state, long connection, List<Action> actions) {
        List<Long> open = new ArrayList<>(state.open());
        open.remove(connection);
        State next = state.withOpen(open);
        if (state.handling() == Handling.ASKING && state.asking() == connection) {
            return fail(next, true, Ending.CONNECTION_CLOSED, actions);
        }
        if (!open.isEmpty()) {
            return next;
        }
        if (state.handling() == Handling.WAITING) {
            actions.add(new Action.CancelWait());
        }
        return State.UNKNOWN;
    }

    private static State fail(State state, boolean wasAsking, Ending ending, List<Action> actions) {
        actions.add(new Action.TellFailed(0, wasAsking, ending));
        state.open().forEach(c -> actions.add(new Action.CloseConnection(c)));
        State next = state.handling(Handling.NONE, NONE);
        return state.open().isEmpty() ? State.UNKNOWN : next;
    }
}
