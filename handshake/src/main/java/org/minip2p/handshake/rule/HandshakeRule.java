package org.minip2p.handshake.rule;

import java.util.List;

/**
 * Decides, for one peer, when an exchange is started and what is told of it.
 *
 * <p>Use: keep one {@link PeerState} a peer, starting with {@link PeerState#UNKNOWN}; hand every event to {@link #apply}, one at a
 * time and in the order in which they became known; keep the state that comes back and do its actions in order. When the state is
 * {@code UNKNOWN} again it can be dropped.
 *
 * <p>Every event is first written down; then the five clauses run, whatever the event was, and start at most one exchange. Both stand in
 * {@link Turn}.
 */
public final class HandshakeRule {
    /** Our exchanges on a connection that may end by reset or deadline before the failure is told: one, and two more tries. */
    static final int MAX_DEATHS = 3;

    /** The peer has as many tries as we have: after that many have died unread, its exchanges hold nothing back. */
    static final int PATIENCE = 3;

    private HandshakeRule() {}

    /**
     * What an event leads to.
     *
     * @param state what is known now
     * @param actions what is to be done, in order
     */
    public record Outcome(PeerState state, List<Action> actions) {
        /** Copies the list. */
        public Outcome {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Takes note of an event and decides.
     *
     * @param state what was known about the peer
     * @param event what became known
     * @return what is known now, and what is to be done
     */
    public static Outcome apply(PeerState state, Event event) {
        return new Turn(state).after(event);
    }
}
