package org.minip2p.handshake.rule;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.rule.PeerState.Ask;
import org.minip2p.handshake.rule.PeerState.Connection;
import org.minip2p.handshake.rule.PeerState.News;
import org.minip2p.handshake.rule.PeerState.Reach;

/**
 * One application of {@link HandshakeRule}, for one event: {@link Notes} records it, then the clauses in {@link #decide} run.
 */
// Why tries are counted for each connection, and why clause 3 tries again: X may be closed without our knowing, its
// dialer have started anew, and one exchange on Y go wrong. Tries counted for the peer go X, Y, X, and
// the handshake has failed although Y lives; and while X is taken for cover, an exchange on Y that dies would be the
// last one.
// Each clause has its own method, so that the tests can remove one and explore the result.
class Turn extends Notes {
    Turn(PeerState state) {
        super(state);
    }

    /** The result of the event. */
    final HandshakeRule.Outcome after(Event event) {
        event.accept(this);
        if (draft.isEmpty()) {
            forget();
        } else {
            decide();
        }
        return draft.outcome();
    }

    private void decide() {
        // Clause 1: an exchange that we started with this peer is in flight: nothing.
        if (isHeldByOurs()) {
            return;
        }
        // Clause 2: not covered, and one of the peer's exchanges is in flight: nothing; its end runs this again.
        if (!isCovered() && isHeldByThePeer()) {
            return;
        }
        // Clause 3: covered: first what is due; then each outbound connection still carries one exchange, after the
        // peer's.
        if (isCovered()) {
            decideCovered();
            return;
        }
        // Clause 4: not covered: start where one can be started.
        if (draft.start(nextUncovered())) {
            return;
        }
        // Clause 5: not covered and nothing to start: one wait per peer, whose end runs this again. Or a rest, when
        // every connection has had its tries: then only a new connection, a request or an ask can help.
        if (first(c -> true) == null) {
            rest();
        } else {
            armWait();
        }
    }

    void decideCovered() {
        if (isDue()) {
            if (draft.start(nextDue())) {
                return;
            }
            if (first(c -> true) == null) {
                rest();
            }
        }
        if (!isHeldByThePeerWhenCovered()) {
            draft.start(nextOutbound());
        }
    }

    /** Whether an exchange is due that neither covers nor completes. */
    boolean isDue() {
        return draft.isRepeatDue() || draft.ask != Ask.NONE;
    }

    @Override
    boolean isCovered() {
        return draft.isCovered();
    }

    boolean isHeldByOurs() {
        return draft.isOursInFlight();
    }

    boolean isHeldByThePeer() {
        return isPatient() && draft.isTheirsInFlight();
    }

    boolean isHeldByThePeerWhenCovered() {
        return isPatient() && draft.isTheirsInFlight();
    }

    /** The peer has as many tries as we have; then its exchanges no longer make us wait. */
    boolean isPatient() {
        return draft.peerDeaths < HandshakeRule.PATIENCE;
    }

    /**
     * A due exchange uses a connection, inbound or outbound, on which the peer is not asking: preferably one on which none of
     * ours has failed.
     */
    @Nullable Connection nextDue() {
        Predicate<Connection> isFree = c -> c.theirs() == 0 || !isPatient();
        Connection untried = first(isFree.and(c -> c.deaths() == 0));
        return untried != null ? untried : first(isFree);
    }

    /** The outbound connection that has carried no completed exchange. */
    @Nullable Connection nextOutbound() {
        return first(c -> c.outbound() && !c.covers());
    }

    /** Outbound first; after a death or a wait any: first those without an ended one of ours, then the others in turn. */
    private @Nullable Connection nextUncovered() {
        Connection next = nextUntriedOutbound();
        if (next == null && draft.reach == Reach.ANY) {
            next = first(c -> !c.ours().hasEnded());
        }
        return next == null && draft.reach == Reach.ANY ? first(c -> true) : next;
    }

    @Nullable Connection nextUntriedOutbound() {
        return first(c -> c.outbound() && !c.ours().hasEnded());
    }

    void armWait() {
        draft.armWait();
    }

    /**
     * Every connection has used up its tries (or is closing, or excluded): reports the failure, for the connection of the
     * last one.
     */
    private void rest() {
        draft.cancelWait();
        if (draft.news != News.OWED && draft.ask != Ask.OWED) {
            return;
        }
        Connection now = draft.find(died);
        Connection dead = now != null ? now : draft.first(c -> c.isUsable() && c.lastDeath() != null);
        if (dead != null && dead.lastDeath() != null) {
            tellFailed(dead, true, dead.lastDeath());
            if (draft.ask == Ask.OWED) {
                draft.ask = Ask.OPEN;
            }
        }
    }

    /** The connection of this kind that an exchange can be started on and that has waited longest for it. */
    final @Nullable Connection first(Predicate<Connection> kind) {
        return draft.first(c -> c.isUsable() && hasTries(c) && kind.test(c));
    }

    boolean hasTries(Connection connection) {
        return connection.deaths() < maxDeaths();
    }

    /** Failing: a reset or a deadline allows two more tries. */
    int maxDeaths() {
        return HandshakeRule.MAX_DEATHS;
    }
}
