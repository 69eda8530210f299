package org.minip2p.handshake.rule;

import org.minip2p.handshake.rule.PeerState.Ask;
import org.minip2p.handshake.rule.PeerState.Connection;
import org.minip2p.handshake.rule.PeerState.News;
import org.minip2p.handshake.rule.PeerState.Ours;
import org.minip2p.handshake.rule.PeerState.Reach;
import org.minip2p.handshake.rule.PeerState.Standing;

/**
 * The first half of a {@link Turn}: the {@code on} methods record an event. They report results at once, or note those that must wait
 * for the rule's decision.
 */
abstract class Notes implements Event.Visitor {
    final Draft draft;

    /** The connection on which one of our exchanges has just failed, or -1. */
    long died = -1;

    Notes(PeerState state) {
        draft = new Draft(state);
    }

    /** Whether the peer is covered. */
    abstract boolean isCovered();

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
            draft.updateAll(Connection::withoutDeaths); // losing cover: the rule starts again
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

    /** Asking again: new tries everywhere, and transient failures may be reported again. */
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

    /** The last close reports that an exchange of ours was unfinished. */
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

    /** Completed is reported once. */
    void tellVerified(long id, boolean initiatedByUs) {
        boolean isFirst = draft.news != News.COMPLETED;
        draft.news = News.COMPLETED;
        draft.act(isFirst ? new Action.TellCompleted(id, initiatedByUs) : new Action.TellUpdated(id));
    }

    /** Failing: an exchange of ours ended without a response. */
    private void onDeath(long id, Ending ending) {
        Connection connection = draft.find(id);
        if (connection == null || !connection.ours().isInFlight()) {
            return;
        }
        draft.update(id, c -> c.withOurs(Ours.ENDED));
        if (connection.standing() == Standing.BARRED) {
            return; // everything was reported
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
            // Nothing can be started on a connection that is already closing.
            draft.update(id, c -> c.isUsable() ? c.withStanding(Standing.GOING) : c);
            return;
        }
        draft.update(id, c -> c.withDeath(ending));
        died = id;
        oweTheAsk();
    }

    /** An exchange for the application's ask has failed, which is reported when all tries are used up. */
    void oweTheAsk() {
        if (draft.ask == Ask.OPEN) {
            draft.ask = Ask.OWED;
        }
    }

    /** The close of its connection uses up no try of an exchange. */
    boolean isNoTry(Ending ending) {
        return ending == Ending.CONNECTION_CLOSED;
    }

    /** A permanent failure: only of this connection, independent of the others. */
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
    final void tellFailed(Connection connection, boolean initiatedByUs, Ending ending) {
        if (draft.news != News.COMPLETED) {
            draft.news = News.FAILED;
        }
        if (!connection.hasTold(ending)) {
            draft.update(connection.id(), c -> c.withTold(ending));
            draft.act(new Action.TellFailed(connection.id(), initiatedByUs, ending));
        }
    }

    /** A new start: when the last connection has closed, state and timers are dropped, too. */
    final void forget() {
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
}
