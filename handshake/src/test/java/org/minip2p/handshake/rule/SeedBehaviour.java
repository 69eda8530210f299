package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * The seed rule: an end starts when an outbound connection is established and there is no other connection. It answers
 * every request and never tries again. Its exchange ends by itself after 10 s.
 *
 * @param isAnchor whether the end also does what Anchor does: it accepts only its own current network, and closes all
 *     connections to the peer on any failure, at any time
 */
record SeedBehaviour(boolean isAnchor) implements Behaviour<SeedBehaviour.State> {
    /**
     * The open connections, the one on which the end's exchange is in flight (or none), and whether it has completed.
     */
    record State(List<Long> open, long asking, boolean isComplete) {
        static final State UNKNOWN = new State(List.of(), NONE, false);
    }

    private static final long NONE = -1;

    @Override
    public State unknown() {
        return State.UNKNOWN;
    }

    @Override
    public int waitSeconds() {
        return 0;
    }

    @Override
    public int deadlineSeconds() {
        return 10;
    }

    @Override
    public Networks networks() {
        return isAnchor ? Networks.STRICT : Networks.WINDOW;
    }

    @Override
    public Outcome<State> apply(State state, ModelEvent event) {
        Turn turn = new Turn(state);
        if (event.event() != null) {
            event.event().accept(turn);
        }
        return turn.outcome();
    }

    private final class Turn implements Event.Visitor {
        private final List<Action> actions = new ArrayList<>();
        private final List<Long> open;
        private long asking;
        private boolean isComplete;

        Turn(State state) {
            open = new ArrayList<>(state.open());
            asking = state.asking();
            isComplete = state.isComplete();
        }

        Outcome<State> outcome() {
            State next = open.isEmpty() ? State.UNKNOWN : new State(List.copyOf(open), asking, isComplete);
            return new Outcome<>(next, actions);
        }

        @Override
        public void on(Event.ConnectionEstablished event) {
            open.add(event.connection());
            open.sort(null);
            if (event.outbound() && open.size() == 1) {
                asking = event.connection();
                actions.add(new Action.StartExchange(asking));
            }
        }

        @Override
        public void on(Event.ConnectionClosed event) {
            open.remove(event.connection());
            if (asking == event.connection()) {
                asking = NONE;
                fail(event.connection(), true, Ending.CONNECTION_CLOSED);
            }
        }

        @Override
        public void on(Event.OursEnded event) {
            asking = NONE;
            fail(event.connection(), true, event.ending());
        }

        @Override
        public void on(Event.RequestRefused event) {
            fail(event.connection(), false, Ending.REFUSED);
        }

        private void fail(long connection, boolean wasOurs, Ending ending) {
            actions.add(new Action.TellFailed(connection, wasOurs, ending));
            if (isAnchor) {
                open.forEach(c -> actions.add(new Action.CloseConnection(c)));
            }
        }

        @Override
        public void on(Event.ResponseVerified event) {
            asking = NONE;
            complete(true);
        }

        @Override
        public void on(Event.RequestVerified event) {
            complete(false);
        }

        private void complete(boolean wasOurs) {
            if (!isComplete) {
                isComplete = true;
                actions.add(new Action.TellCompleted(0, wasOurs));
            }
        }

        @Override
        public void on(Event.RequestOpened event) {}

        @Override
        public void on(Event.RequestDied event) {}

        @Override
        public void on(Event.WaitEnded event) {}

        @Override
        public void on(Event.RepeatDue event) {}

        @Override
        public void on(Event.Asked event) {}
    }
}
