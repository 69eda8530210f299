package org.minip2p.handshake.rule;

import java.util.List;

/**
 * Decides, for one peer, when to start an exchange and what to report.
 *
 * <p>Use: keep one {@link PeerState} per peer, starting with {@link PeerState#UNKNOWN}; pass every event to {@link #apply}, one at a
 * time and in order; keep the returned state and execute its actions in order. When the state is {@code UNKNOWN} again, it can be
 * dropped.
 *
 * <p>First the event is recorded; then the five clauses run, for any event, and start at most one exchange. Both are in {@link Turn}.
 */
public final class HandshakeRule {
    /**
     * How many of our exchanges on a connection may end by reset or deadline before the failure is reported: one, and two more tries.
     */
    static final int MAX_DEATHS = 3;

    /** The peer has as many tries as we have: after that many have failed unread, its exchanges no longer make us wait. */
    static final int PATIENCE = 3;

    private HandshakeRule() {}

    /**
     * The result of an event.
     *
     * @param state the new state
     * @param actions the actions to execute, in order
     */
    public record Outcome(PeerState state, List<Action> actions) {
        /** Copies the list. */
        public Outcome {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Records an event and decides.
     *
     * @param state the state of the peer
     * @param event the event
     * @return the new state, and the actions
     */
    public static Outcome apply(PeerState state, Event event) {
        return new Turn(state).after(event);
    }
}
