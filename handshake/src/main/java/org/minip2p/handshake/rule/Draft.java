package org.minip2p.handshake.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.rule.PeerState.Ask;
import org.minip2p.handshake.rule.PeerState.Connection;
import org.minip2p.handshake.rule.PeerState.News;
import org.minip2p.handshake.rule.PeerState.Ours;
import org.minip2p.handshake.rule.PeerState.Reach;
import org.minip2p.handshake.rule.PeerState.Repeat;
import org.minip2p.handshake.rule.PeerState.Wait;

/**
 * A {@link PeerState} while one {@link Turn} of the rule changes it, and the actions of the turn. Confined to that
 * turn.
 */
final class Draft {
    private final List<Connection> connections;
    private final List<Action> actions = new ArrayList<>();
    private Wait wait;
    private Repeat repeat;

    Reach reach;
    News news;
    Ask ask;
    int peerDeaths;

    Draft(PeerState state) {
        connections = new ArrayList<>(state.connections());
        reach = state.reach();
        wait = state.waiting();
        news = state.news();
        repeat = state.repeat();
        ask = state.ask();
        peerDeaths = state.peerDeaths();
    }

    HandshakeRule.Outcome outcome() {
        return new HandshakeRule.Outcome(
                new PeerState(connections, reach, wait, news, repeat, ask, peerDeaths), actions);
    }

    void act(Action action) {
        actions.add(action);
    }

    // ---- Timers ----------------------------------------------------------------------------------------------------

    void armWait() {
        if (wait == Wait.NONE) {
            wait = Wait.ARMED;
            act(new Action.ArmWait());
        }
    }

    void cancelWait() {
        if (wait == Wait.ARMED) {
            wait = Wait.NONE;
            act(new Action.CancelWait());
        }
    }

    /** Whether a running wait has ended now; otherwise it was cancelled too late. */
    boolean endWait() {
        boolean wasArmed = wait == Wait.ARMED;
        wait = Wait.NONE;
        return wasArmed;
    }

    /** Starts the time to the repeat, or restarts it. */
    void armRepeat() {
        repeat = Repeat.ARMED;
        act(new Action.ArmRepeat());
    }

    void cancelRepeat() {
        if (repeat == Repeat.ARMED) {
            act(new Action.CancelRepeat());
        }
        repeat = Repeat.NONE;
    }

    /** Its time has passed, unless it was cancelled too late. */
    void endTimeToRepeat() {
        if (repeat == Repeat.ARMED) {
            repeat = Repeat.DUE;
        }
    }

    /** One of our exchanges has completed since it was due. */
    void fulfilRepeat() {
        if (repeat == Repeat.DUE) {
            repeat = Repeat.NONE;
        }
    }

    // ---- Connections -----------------------------------------------------------------------------------------------

    boolean isEmpty() {
        return connections.isEmpty();
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(long id) {
        connections.removeIf(c -> c.id() == id);
    }

    @Nullable Connection find(long id) {
        for (Connection connection : connections) {
            if (connection.id() == id) {
                return connection;
            }
        }
        return null;
    }

    void update(long id, UnaryOperator<Connection> change) {
        connections.replaceAll(c -> c.id() == id ? change.apply(c) : c);
    }

    void updateAll(UnaryOperator<Connection> change) {
        connections.replaceAll(change);
    }

    /** Starts an exchange there and moves the connection to the end of the list; false without a connection. */
    boolean start(@Nullable Connection connection) {
        if (connection == null) {
            return false;
        }
        connections.remove(connection);
        connections.add(connection.withOurs(connection.ours().hasEnded() ? Ours.AGAIN : Ours.FIRST));
        act(new Action.StartExchange(connection.id()));
        return true;
    }

    // ---- What is known ---------------------------------------------------------------------------------------------

    boolean isOursInFlight() {
        return any(c -> c.ours().isInFlight());
    }

    /** Only for a connection that still counts. */
    boolean isTheirsInFlight() {
        return any(c -> c.theirs() > 0 && c.standing() != PeerState.Standing.BARRED);
    }

    boolean isCovered() {
        return any(Connection::covers);
    }

    boolean isRepeatDue() {
        return repeat == Repeat.DUE;
    }

    private boolean any(Predicate<Connection> kind) {
        return connections.stream().anyMatch(kind);
    }

    /** The connection of this kind that has waited longest for an exchange. */
    @Nullable Connection first(Predicate<Connection> kind) {
        for (Connection connection : connections) {
            if (kind.test(connection)) {
                return connection;
            }
        }
        return null;
    }
}
