package org.minip2p.handshake.rule;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.rule.PeerState.Ask;
import org.minip2p.handshake.rule.PeerState.Connection;
import org.minip2p.handshake.rule.PeerState.News;
import org.minip2p.handshake.rule.PeerState.Ours;
import org.minip2p.handshake.rule.PeerState.Reach;
import org.minip2p.handshake.rule.PeerState.Standing;

/**
 * One application of {@link HandshakeRule}: the event is written down by the {@code on} methods, then
 * {@link #decide} runs. For one event.
 */
// Why tries are counted for each connection, and why clause 3 tries again: X may be closed without our knowing, its
// dialer have started anew, and one exchange on Y go wrong. Tries counted for the peer go X, Y, X, and
// the handshake has failed although Y lives; and while X is taken for cover, an exchange on Y that dies would be the
// last one.
// Each clause has a method of its own, so that the tests can take one away and explore what then happens.
class Turn implements Event.Visitor {
    final Draft draft;

    /** The connection on which one of ours died just now, or -1. */
    private long died = -1;

    Turn(PeerState state) {
        draft = new Draft(state);
    }

    /** What the event leads to. */
    final HandshakeRule.Outcome after(Event event) {
        event.accept(this);
        if (draft.isEmpty()) {
            forget();
        } else {
            decide();
        }
        return draft.outcome();
    }

    // ---- Taking note -----------------------------------------------------------------------------------------------

    @Override
    public void on(Event.ConnectionEstablished event) {
        draft.add(Connection.established(event.connection(), event.outbound()));
    }

    @Override
    public void on(Event.ConnectionClosed event) {
        Connection closed = draft.find(event.connection());
        if (closed == null) {
            return;
        }
        if (closed.ours().isInFlight()) {
            onDeath(event.connection(), Ending.CONNECTION_CLOSED);
        }
        theirsDiedOfAClose(closed.theirs());
        boolean wasCovered = isCovered();
        draft.remove(event.connection());
        if (wasCovered && !isCovered()) {
            draft.updateAll(Connection::withoutDeaths); // losing cover: the rule starts afresh
        }
        if (draft.isEmpty() && draft.news == News.OWED && closed.standing() != Standing.BARRED) {
            tellLastClose(event.connection());
        }
    }

    @Override
    public void on(Event.RequestOpened event) {
        draft.update(event.connection(), c -> c.withTheirs(c.theirs() + 1));
    }

    @Override
    public void on(Event.RequestVerified event) {
        theirsEnded(event.connection());
        onVerified(event.connection(), false, event.stale());
    }

    @Override
    public void on(Event.RequestDied event) {
        if (theirsEnded(event.connection())) {
            theirsDied(1);
        }
    }

    @Override
    public void on(Event.RequestRefused event) {
        theirsEnded(event.connection());
        onRefused(event.connection(), false);
    }

    @Override
    public void on(Event.ResponseVerified event) {
        Connection connection = draft.find(event.connection());
        if (connection == null || !connection.ours().isInFlight()) {
            return;
        }
        draft.update(event.connection(), c -> c.withOurs(Ours.ENDED));
        onVerified(event.connection(), true, event.stale());
        if (connection.standing() != Standing.BARRED) {
            draft.fulfilRepeat();
            if (!connection.covers()) {
                armRepeat(connection); // the first that completes there
            }
        }
    }

    @Override
    public void on(Event.OursEnded event) {
        onDeath(event.connection(), event.ending());
    }

    @Override
    public void on(Event.WaitEnded event) {
        if (draft.endWait()) {
            reachAnyAfterWait();
        }
    }

    @Override
    public void on(Event.RepeatDue event) {
        draft.endTimeToRepeat();
    }

    @Override
    public void on(Event.Asked event) {
        draft.ask = Ask.OPEN;
        renewTries();
    }

    /** Asking again: new tries everywhere, and what was told of transient failures may be told again. */
    void renewTries() {
        draft.updateAll(c -> c.withoutDeaths().withoutTransients());
    }

    /** The first exchange of ours that completes where none has completed before is repeated once. */
    void armRepeat(Connection asked) {
        draft.armRepeat();
    }

    void reachAnyAfterWait() {
        draft.reach = Reach.ANY;
    }

    void reachAnyAfterDeath() {
        draft.reach = Reach.ANY;
    }

    /** The last close tells that an exchange of ours was unfinished. */
    void tellLastClose(long connection) {
        draft.act(new Action.TellFailed(connection, true, Ending.CONNECTION_CLOSED));
    }

    /** Whether one was in flight. */
    private boolean theirsEnded(long id) {
        Connection connection = draft.find(id);
        if (connection == null || connection.theirs() == 0) {
            return false;
        }
        draft.update(id, c -> c.withTheirs(c.theirs() - 1));
        return true;
    }

    /** Exchanges of the peer that were never read. */
    void theirsDied(int count) {
        draft.peerDeaths = Math.min(HandshakeRule.PATIENCE, draft.peerDeaths + count);
    }

    void theirsDiedOfAClose(int count) {
        theirsDied(count);
    }

    /** Completing: the initiator when it has verified the response, the responder when it has verified the request. */
    private void onVerified(long id, boolean initiatedByUs, boolean stale) {
        Connection connection = draft.find(id);
        if (connection == null || connection.standing() == Standing.BARRED) {
            return;
        }
        draft.update(id, Connection::withCover);
        draft.peerDeaths = 0;
        if (answersTheAsk(stale)) {
            draft.ask = Ask.NONE;
        }
        tellVerified(id, initiatedByUs);
        draft.reach = Reach.OUTBOUND;
        draft.cancelWait();
    }

    boolean answersTheAsk(boolean stale) {
        return !stale;
    }

    /** Completed is told once. */
    void tellVerified(long id, boolean initiatedByUs) {
        boolean isFirst = draft.news != News.COMPLETED;
        draft.news = News.COMPLETED;
        draft.act(isFirst ? new Action.TellCompleted(id, initiatedByUs) : new Action.TellUpdated(id));
    }

    /** Dying: an exchange of ours ended without a response. */
    private void onDeath(long id, Ending ending) {
        Connection connection = draft.find(id);
        if (connection == null || !connection.ours().isInFlight()) {
            return;
        }
        draft.update(id, c -> c.withOurs(Ours.ENDED));
        if (connection.standing() == Standing.BARRED) {
            return; // all was told
        }
        if (ending.isPermanent()) {
            draft.reach = Reach.ANY;
            onRefused(id, true);
            return;
        }
        reachAnyAfterDeath();
        if (draft.news != News.COMPLETED) {
            draft.news = News.OWED;
        }
        if (isNoTry(ending)) {
            // Nothing can be started where the connection is going already.
            draft.update(id, c -> c.isUsable() ? c.withStanding(Standing.GOING) : c);
            return;
        }
        draft.update(id, c -> c.withDeath(ending));
        died = id;
        oweTheAsk();
    }

    /** What the application asked for has met with a death, which is told when all tries are used up. */
    void oweTheAsk() {
        if (draft.ask == Ask.OPEN) {
            draft.ask = Ask.OWED;
        }
    }

    /** The close of its connection costs an exchange no try. */
    boolean isNoTry(Ending ending) {
        return ending == Ending.CONNECTION_CLOSED;
    }

    /** A permanent failure: of this connection, whatever happens on the others. */
    private void onRefused(long id, boolean initiatedByUs) {
        Connection connection = draft.find(id);
        if (connection == null || connection.standing() == Standing.BARRED) {
            return;
        }
        tellFailed(connection, initiatedByUs, Ending.REFUSED);
        draft.update(id, c -> c.withStanding(Standing.BARRED));
        draft.act(new Action.CloseConnection(id));
    }

    /** At most once for each reason and connection. */
    private void tellFailed(Connection connection, boolean initiatedByUs, Ending ending) {
        if (draft.news != News.COMPLETED) {
            draft.news = News.FAILED;
        }
        if (!connection.hasTold(ending)) {
            draft.update(connection.id(), c -> c.withTold(ending));
            draft.act(new Action.TellFailed(connection.id(), initiatedByUs, ending));
        }
    }

    /** A new start: when the last connection is gone, state and timers are, too. */
    private void forget() {
        draft.cancelWait();
        draft.cancelRepeat();
        draft.ask = Ask.NONE;
        draft.peerDeaths = 0;
        forgetWhatWasTold();
    }

    void forgetWhatWasTold() {
        draft.reach = Reach.OUTBOUND;
        draft.news = News.NOTHING;
    }

    // ---- Deciding --------------------------------------------------------------------------------------------------

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

    /** Whether an exchange is to be made that neither covers nor completes. */
    boolean isDue() {
        return draft.isRepeatDue() || draft.ask != Ask.NONE;
    }

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

    /** The peer has as many tries as we have; then its exchanges hold nothing back. */
    boolean isPatient() {
        return draft.peerDeaths < HandshakeRule.PATIENCE;
    }

    /** What is due goes where the peer is not asking, in either direction: first where none of ours has died. */
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

    /** Every connection has had its tries (or is going, or barred): the failure is told, of the connection that died now. */
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

    /** Dying: a reset or a deadline allows two more tries. */
    int maxDeaths() {
        return HandshakeRule.MAX_DEATHS;
    }
}
