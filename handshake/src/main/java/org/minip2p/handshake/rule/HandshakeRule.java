package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.rule.PeerState.Connection;
import org.minip2p.handshake.rule.PeerState.News;
import org.minip2p.handshake.rule.PeerState.Ours;
import org.minip2p.handshake.rule.PeerState.Reach;
import org.minip2p.handshake.rule.PeerState.Standing;
import org.minip2p.handshake.rule.PeerState.Wait;

/**
 * Decides, for one peer, when an exchange is started and what is told of it.
 *
 * <p>Use: keep one {@link PeerState} a peer, starting with {@link PeerState#UNKNOWN}; hand every event to {@link #apply}, one at a
 * time and in the order in which they became known; keep the state that comes back and do its actions in order. When the state is
 * {@code UNKNOWN} again it can be dropped. Immutable and thread-safe.
 *
 * <p>Every event is first written down (the {@code on…} methods); then {@code decide} runs, whatever the event was, and starts at
 * most one exchange. Its five clauses stand there one after the other.
 */
// Why tries are counted for each connection, and why clause 3 tries again: X may be closed without our knowing, its
// dialer have started anew, and one exchange on Y go wrong. Tries counted for the peer go X, Y, X, and
// the handshake has failed although Y lives; and while X is taken for cover, an exchange on Y that dies would be the
// last one.
// What happens without each of these is shown by the exploration.
public final class HandshakeRule {
    /** Our exchanges on a connection that may end by reset or deadline before the failure is told: one, and two more tries. */
    static final int MAX_DEATHS = 3;

    private final Set<Clause> clauses;

    /** The rule with all its clauses. */
    public HandshakeRule() {
        this(EnumSet.allOf(Clause.class));
    }

    /** The rule with some of its clauses, to show what the others are good for. */
    HandshakeRule(Set<Clause> clauses) {
        this.clauses = EnumSet.copyOf(clauses);
    }

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
    public Outcome apply(PeerState state, Event event) {
        Draft draft = new Draft(state);
        boolean decides = draft.note(event);
        if (draft.connections.isEmpty()) {
            draft.forget();
        } else if (decides) {
            draft.decide(event);
        }
        return new Outcome(draft.toState(), draft.actions);
    }

    private boolean has(Clause clause) {
        return clauses.contains(clause);
    }

    /** One application of the rule: the state while it changes. */
    private final class Draft {
        final List<Connection> connections;
        final List<Action> actions = new ArrayList<>();
        private Reach reach;
        private Wait wait;
        private News news;

        Draft(PeerState state) {
            connections = new ArrayList<>(state.connections());
            reach = state.reach();
            wait = state.waiting();
            news = state.news();
        }

        PeerState toState() {
            return new PeerState(connections, reach, wait, news);
        }

        // ---- Taking note -------------------------------------------------------------------------------------------

        /** Writes the event down; tells whether the rule runs after it. */
        boolean note(Event event) {
            if (event instanceof Event.ConnectionEstablished e) {
                connections.add(Connection.established(e.connection(), e.outbound()));
            } else if (event instanceof Event.ConnectionClosed e) {
                onClosed(e.connection());
            } else if (event instanceof Event.RequestOpened e) {
                update(e.connection(), c -> c.withTheirs(c.theirs() + 1));
            } else if (event instanceof Event.RequestVerified e) {
                theirsEnded(e.connection());
                onVerified(e.connection(), false);
            } else if (event instanceof Event.RequestDied e) {
                theirsEnded(e.connection());
                return has(Clause.HOWEVER_IT_ENDS);
            } else if (event instanceof Event.RequestRefused e) {
                theirsEnded(e.connection());
                onRefused(e.connection(), false);
            } else if (event instanceof Event.ResponseVerified e) {
                onResponse(e.connection());
            } else if (event instanceof Event.OursEnded e) {
                onDeath(e.connection(), e.ending());
            } else {
                onWaitEnded();
            }
            return true;
        }

        private void onClosed(long id) {
            Connection closed = find(id);
            if (closed == null) {
                return;
            }
            if (closed.ours().isInFlight()) {
                onDeath(id, Ending.CONNECTION_CLOSED);
            }
            boolean wasCovered = isCovered();
            connections.removeIf(c -> c.id() == id);
            if (wasCovered && !isCovered()) {
                connections.replaceAll(Connection::withoutDeaths); // losing cover: the rule starts afresh
            }
            boolean isTold = has(Clause.LAST_CLOSE_IS_TOLD) && closed.standing() != Standing.BARRED;
            if (connections.isEmpty() && news == News.OWED && isTold) {
                actions.add(new Action.TellFailed(id, true, Ending.CONNECTION_CLOSED));
            }
        }

        private void theirsEnded(long id) {
            update(id, c -> c.withTheirs(Math.max(0, c.theirs() - 1)));
        }

        private void onResponse(long id) {
            Connection connection = find(id);
            if (connection != null && connection.ours().isInFlight()) {
                update(id, c -> c.withOurs(Ours.ENDED));
                onVerified(id, true);
            }
        }

        /** Completing: the initiator when it has verified the response, the responder when it has verified the request. */
        private void onVerified(long id, boolean initiatedByUs) {
            Connection connection = find(id);
            if (connection == null || connection.standing() == Standing.BARRED) {
                return;
            }
            update(id, Connection::withCover);
            if (news != News.COMPLETED || !has(Clause.COMPLETED_ONCE)) {
                news = News.COMPLETED;
                actions.add(new Action.TellCompleted(id, initiatedByUs));
            } else {
                actions.add(new Action.TellUpdated(id));
            }
            reach = Reach.OUTBOUND;
            cancelWait();
        }

        /** Dying: an exchange of ours ended without a response. */
        private void onDeath(long id, Ending ending) {
            Connection connection = find(id);
            if (connection == null || !connection.ours().isInFlight()) {
                return;
            }
            update(id, c -> c.withOurs(Ours.ENDED));
            if (connection.standing() == Standing.BARRED) {
                return; // all was told
            }
            if (ending.isPermanent()) {
                reach = Reach.ANY;
                onRefused(id, true);
                return;
            }
            if (has(Clause.REDO_AFTER_DEATH)) {
                reach = Reach.ANY;
            }
            if (news != News.COMPLETED) {
                news = News.OWED;
            }
            if (ending == Ending.CONNECTION_CLOSED && has(Clause.CLOSE_IS_NO_TRY)) {
                // Costs no try. Nothing can be started where the connection is going already.
                update(id, c -> c.isUsable() ? c.withStanding(Standing.GOING) : c);
                return;
            }
            update(id, c -> c.withDeath(ending));
        }

        /** A permanent failure: of this connection, whatever happens on the others. */
        private void onRefused(long id, boolean initiatedByUs) {
            Connection connection = find(id);
            if (connection == null || connection.standing() == Standing.BARRED) {
                return;
            }
            tellFailed(id, initiatedByUs, Ending.REFUSED);
            update(id, c -> c.withStanding(Standing.BARRED));
            actions.add(new Action.CloseConnection(id));
        }

        private void onWaitEnded() {
            if (wait == Wait.NONE) {
                return; // cancelled too late
            }
            wait = Wait.NONE;
            if (has(Clause.REDO_AFTER_WAIT)) {
                reach = Reach.ANY;
            }
        }

        /** At most once for each reason and connection. */
        private void tellFailed(long id, boolean initiatedByUs, Ending ending) {
            if (news != News.COMPLETED) {
                news = News.FAILED;
            }
            Connection connection = find(id);
            if (connection != null && !connection.hasTold(ending)) {
                update(id, c -> c.withTold(ending));
                actions.add(new Action.TellFailed(id, initiatedByUs, ending));
            }
        }

        /** A new start: when the last connection is gone, state and timers are, too. */
        void forget() {
            cancelWait();
            if (has(Clause.FORGET_AT_ZERO)) {
                reach = Reach.OUTBOUND;
                news = News.NOTHING;
            }
        }

        // ---- Deciding ----------------------------------------------------------------------------------------------

        void decide(Event event) {
            // Clause 1: an exchange that we started with this peer is in flight: nothing.
            if (has(Clause.ONE_OF_OURS_AT_A_TIME) && isOursInFlight()) {
                return;
            }
            boolean isCovered = isCovered();
            // Clause 2: not covered, and one of the peer's exchanges is in flight: nothing; its end runs this again.
            if (has(Clause.LET_THE_PEER_FINISH) && !isCovered && isTheirsInFlight()) {
                return;
            }
            // Clause 3: covered: each outbound connection still carries one exchange, after the peer's.
            if (isCovered) {
                boolean isTheirTurn = has(Clause.ASK_AFTER_THE_PEER) && isTheirsInFlight();
                if (has(Clause.ASK_ON_EACH_OUTBOUND) && !isTheirTurn) {
                    start(first(c -> c.outbound() && !c.covers() && mayAskAgain(c)));
                }
                return;
            }
            // Clause 4: not covered: start where one can be started.
            if (start(nextUncovered())) {
                return;
            }
            // Clause 5: not covered and nothing to start: one wait per peer, whose end runs this again. Or a rest, when
            // every connection has had its tries: then only a new connection or a request can help.
            if (first(c -> true) == null) {
                rest(event);
            } else if (has(Clause.WAIT_PER_PEER) || event instanceof Event.ConnectionEstablished) {
                armWait();
            }
        }

        /** Every connection has had its tries (or is going, or barred): the failure is told, of the connection that died now. */
        private void rest(Event event) {
            cancelWait();
            long now = event instanceof Event.OursEnded e ? e.connection() : -1;
            Connection dead = null;
            for (Connection connection : connections) {
                if (connection.isUsable() && (dead == null || connection.id() == now)) {
                    dead = connection;
                }
            }
            if (news == News.OWED && dead != null && dead.lastDeath() != null) {
                tellFailed(dead.id(), true, dead.lastDeath());
            }
        }

        private void armWait() {
            if (has(Clause.WAIT) && wait == Wait.NONE) {
                wait = Wait.ARMED;
                actions.add(new Action.ArmWait());
            }
        }

        /** Outbound first; after a death or a wait any: first those without an ended one of ours, then the others in turn. */
        private @Nullable Connection nextUncovered() {
            Connection next = null;
            if (has(Clause.START_OUTBOUND)) {
                next = first(c -> c.outbound() && !c.ours().hasEnded());
            }
            if (next == null && reach == Reach.ANY) {
                next = first(c -> !c.ours().hasEnded());
            }
            return next == null && reach == Reach.ANY ? first(c -> true) : next;
        }

        private boolean start(@Nullable Connection connection) {
            if (connection == null) {
                return false;
            }
            connections.remove(connection);
            connections.add(connection.withOurs(connection.ours().hasEnded() ? Ours.AGAIN : Ours.FIRST));
            actions.add(new Action.StartExchange(connection.id()));
            return true;
        }

        private void cancelWait() {
            if (wait == Wait.ARMED) {
                wait = Wait.NONE;
                actions.add(new Action.CancelWait());
            }
        }

        // ---- What is known -----------------------------------------------------------------------------------------

        private boolean isOursInFlight() {
            return connections.stream().anyMatch(c -> c.ours().isInFlight());
        }

        private boolean isTheirsInFlight() {
            return connections.stream().anyMatch(c -> c.theirs() > 0 && c.standing() != Standing.BARRED);
        }

        private boolean isCovered() {
            boolean wasCovered = !has(Clause.COVER_ENDS) && news == News.COMPLETED;
            return wasCovered || connections.stream().anyMatch(Connection::covers);
        }

        private int maxDeaths() {
            return has(Clause.RETRY) ? MAX_DEATHS : 1;
        }

        private boolean hasTries(Connection connection) {
            int deaths = has(Clause.TRIES_PER_CONNECTION)
                    ? connection.deaths()
                    : connections.stream().mapToInt(Connection::deaths).sum();
            return deaths < maxDeaths();
        }

        private boolean mayAskAgain(Connection connection) {
            return has(Clause.ASK_AGAIN) || !connection.ours().hasEnded();
        }

        /** The connection of this kind that an exchange can be started on and that has waited longest for it. */
        private @Nullable Connection first(Predicate<Connection> kind) {
            for (Connection connection : connections) {
                if (connection.isUsable() && hasTries(connection) && kind.test(connection)) {
                    return connection;
                }
            }
            return null;
        }

        private @Nullable Connection find(long id) {
            for (Connection connection : connections) {
                if (connection.id() == id) {
                    return connection;
                }
            }
            return null;
        }

        private void update(long id, UnaryOperator<Connection> change) {
            connections.replaceAll(c -> c.id() == id ? change.apply(c) : c);
        }
    }
}
