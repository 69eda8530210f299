package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Our rule with a change for which it would have to remember more.
 *
 * @param change the change
 * @param waitSeconds the length of the wait, and of the patience if that ends with a time
 */
record RememberingBehaviour(Change change, int waitSeconds) implements Behaviour<RememberingBehaviour.State> {
    /** The possible changes. */
    enum Change {
        /** No repeat for a peer that has ever asked us. */
        SPARES_WHO_HAS_EVER_ASKED,
        /** No repeat for a peer that has asked us on a connection that is still open. */
        SPARES_WHO_HAS_ASKED_ON_AN_OPEN_CONNECTION,
        /** Patience ends after a time, not after a number of the peer's deaths. */
        PATIENCE_BY_TIME
    }

    /**
     * The state of our rule, the open connections on which the peer asked, whether it ever asked, and whether patience
     * has ended.
     */
    record State(PeerState peer, Set<Long> askedOn, boolean hasAsked, boolean isImpatient) {}

    @Override
    public State unknown() {
        return new State(PeerState.UNKNOWN, Set.of(), false, false);
    }

    @Override
    public PeerState peer(State state) {
        return state.peer();
    }

    @Override
    public int deadlineSeconds() {
        return 5;
    }

    @Override
    public int repeatSeconds() {
        return 3;
    }

    @Override
    public Networks networks() {
        return Networks.WINDOW;
    }

    @Override
    public Outcome<State> apply(State state, ModelEvent modelEvent) {
        Event event = modelEvent.event();
        Set<Long> askedOn = new HashSet<>(state.askedOn());
        boolean hasAsked = state.hasAsked();
        boolean isImpatient = state.isImpatient();
        if (event instanceof Event.RequestVerified verified) {
            askedOn.add(verified.connection());
            hasAsked = true;
        } else if (event instanceof Event.ConnectionClosed closed) {
            askedOn.remove(closed.connection());
        } else if (event instanceof Event.WaitEnded) {
            isImpatient = true;
        }
        if (event instanceof Event.RequestVerified || event instanceof Event.ResponseVerified) {
            isImpatient = false;
        }
        boolean isSpared = change == Change.SPARES_WHO_HAS_EVER_ASKED ? hasAsked : !askedOn.isEmpty();
        boolean isHeld = !isImpatient;
        Behaviour.Outcome<PeerState> outcome =
                OurBehaviour.apply(peer -> turn(peer, isSpared, isHeld), state.peer(), event);
        List<Action> actions = new ArrayList<>(outcome.actions());
        boolean isOver = outcome.state().connections().isEmpty();
        State next = isOver ? unknown() : new State(outcome.state(), Set.copyOf(askedOn), hasAsked, isImpatient);
        return new Outcome<>(next, actions);
    }

    private Turn turn(PeerState peer, boolean isSpared, boolean isHeld) {
        if (change == Change.PATIENCE_BY_TIME) {
            return new Turn(peer) {
                @Override
                boolean isPatient() {
                    return isHeld;
                }

                @Override
                boolean isHeldByThePeer() {
                    boolean isHeldNow = super.isHeldByThePeer();
                    if (isHeldNow) {
                        draft.armWait();
                    }
                    return isHeldNow;
                }
            };
        }
        return new Turn(peer) {
            @Override
            boolean isDue() {
                return super.isDue() && !isSpared;
            }
        };
    }
}
