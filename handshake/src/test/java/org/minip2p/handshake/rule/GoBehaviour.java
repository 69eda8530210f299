package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.List;
import org.minip2p.handshake.rule.ModelEvent.Free;

/**
 * The behavior of ssv's node in Go: one handling per peer. For an inbound connection it waits up to 20 s for a request
 * on any connection. A request that came before it began to wait was answered and does not count. For an outbound
 * connection it starts an exchange, on any connection. It ignores further connections meanwhile, and after the peer has
 * passed. A failure closes all connections to the peer. The failure of a request takes effect only when the handling
 * looks for it. It answers every request.
 */
record GoBehaviour() implements Behaviour<GoBehaviour.State> {
    /** The state of the handling of the peer. */
    enum Handling {
        NONE,
        /** There is an inbound connection, and the node has not begun to wait. */
        STARTING,
        WAITING,
        /** A request has failed, and the handling has not noticed yet. */
        FAILING,
        /** The node is about to open its stream. */
        OPENING,
        ASKING
    }

    /** The open connections, the handling, the connection on which the node asks, and whether the peer has passed. */
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
    public int waitSeconds() {
        return 20;
    }

    @Override
    public int deadlineSeconds() {
        return 10;
    }

    @Override
    public Networks networks() {
        return Networks.WINDOW;
    }

    @Override
    public List<ModelEvent> freeSteps(State state) {
        return switch (state.handling()) {
            case STARTING -> List.of(ModelEvent.free(Free.BEGIN, 0));
            case FAILING -> List.of(ModelEvent.free(Free.TICK, 0));
            case OPENING ->
                state.open().stream()
                        .map(c -> ModelEvent.free(Free.ASK_ON, c.intValue()))
                        .toList();
            case NONE, WAITING, ASKING -> List.of();
        };
    }

    @Override
    public Outcome<State> apply(State state, ModelEvent event) {
        List<Action> actions = new ArrayList<>();
        Free step = event.freeStep();
        State next = step == null ? applyEvent(state, event, actions) : applyStep(state, step, event, actions);
        return new Outcome<>(next, actions);
    }

    private static State applyStep(State state, Free step, ModelEvent event, List<Action> actions) {
        return switch (step) {
            case BEGIN -> {
                actions.add(new Action.ArmWait());
                yield state.handling(Handling.WAITING, NONE);
            }
            case TICK -> {
                actions.add(new Action.CancelWait());
                yield fail(state, false, Ending.REFUSED, actions);
            }
            case ASK_ON -> {
                actions.add(new Action.StartExchange(event.connection()));
                yield state.handling(Handling.ASKING, event.connection());
            }
        };
    }

    private static State applyEvent(State state, ModelEvent modelEvent, List<Action> actions) {
        Event event = modelEvent.event();
        boolean isWaiting = state.handling() == Handling.WAITING;
        boolean isAsking = state.handling() == Handling.ASKING;
        if (event instanceof Event.ConnectionEstablished e) {
            return onEstablished(state, e);
        }
        if (event instanceof Event.ConnectionClosed e) {
            return onClosed(state, e.connection(), actions);
        }
        if (event instanceof Event.RequestVerified && isWaiting) {
            actions.add(new Action.CancelWait());
            actions.add(new Action.TellCompleted(0, false));
            return state.passed();
        }
        if (event instanceof Event.RequestRefused && isWaiting) {
            return state.handling(Handling.FAILING, NONE);
        }
        if (event instanceof Event.ResponseVerified && isAsking) {
            actions.add(new Action.TellCompleted(0, true));
            return state.passed();
        }
        if (event instanceof Event.OursEnded e && isAsking) {
            return fail(state, true, e.ending(), actions);
        }
        return event instanceof Event.WaitEnded ? fail(state, false, Ending.TIMEOUT, actions) : state;
    }

    private static State onEstablished(State state, Event.ConnectionEstablished event) {
        List<Long> open = new ArrayList<>(state.open());
        open.add(event.connection());
        open.sort(null);
        State next = state.withOpen(open);
        if (state.handling() != Handling.NONE || state.hasPassed()) {
            return next;
        }
        return next.handling(event.outbound() ? Handling.OPENING : Handling.STARTING, NONE);
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
        if (state.handling() == Handling.WAITING || state.handling() == Handling.FAILING) {
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
