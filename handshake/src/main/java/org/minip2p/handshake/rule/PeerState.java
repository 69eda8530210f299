package org.minip2p.handshake.rule;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one peer. Immutable, compared by value; without connections it is {@link #UNKNOWN}.
 *
 * @param connections the established connections in order of age, those that an exchange of ours was started on behind the others
 *     and the last of these last
 * @param reach where clause 4 may start
 * @param waiting the state of the peer's wait
 * @param news what the application has been told
 * @param repeat the state of the one repeat
 * @param ask whether the application has asked, and is owed an answer
 * @param peerDeaths how many of the peer's exchanges have died unread since one of either side was last verified, at most {@link
 *     HandshakeRule#PATIENCE}
 */
public record PeerState(
        List<Connection> connections, Reach reach, Wait waiting, News news, Repeat repeat, Ask ask, int peerDeaths) {
    /** A peer without connections, of whom nothing is kept. */
    public static final PeerState UNKNOWN =
            new PeerState(List.of(), Reach.OUTBOUND, Wait.NONE, News.NOTHING, Repeat.NONE, Ask.NONE, 0);

    /** Copies the list. */
    public PeerState {
        connections = List.copyOf(connections);
    }

    /** Where clause 4 may start an exchange. */
    public enum Reach {
        /** On outbound connections: nothing went wrong yet, so the dialer of each connection starts. */
        OUTBOUND,
        /** On any: one of ours has died, or a wait has ended, since the last completion. */
        ANY
    }

    /** The one wait of a peer. */
    public enum Wait {
        /** Not armed. */
        NONE,
        /** Armed and not ended. */
        ARMED
    }

    /** What the application has been told since the peer had no connection. */
    public enum News {
        /** Nothing, and nothing is owed. */
        NOTHING,
        /** Nothing, and one of ours has died since: the application will be told how it went, at the latest by the last close. */
        OWED,
        /** That it failed, and none of ours has died since. */
        FAILED,
        /** That it completed. */
        COMPLETED
    }

    /** The second exchange, for a peer that may have served the first one before it began to wait for it. */
    public enum Repeat {
        /** None is to be made. */
        NONE,
        /** One of ours has completed where none had before: the time to the next runs. */
        ARMED,
        /** That time has passed, and none of ours has completed since. */
        DUE
    }

    /** What the application has asked for. */
    public enum Ask {
        /** Nothing, or it was answered. */
        NONE,
        /** To ask again; no exchange with our info of now has completed. */
        OPEN,
        /** The same, and one of ours has died since: that is told when every connection has had its tries. */
        OWED
    }

    /** What became of our exchanges on one connection. */
    public enum Ours {
        /** There was none. */
        NONE,
        /** The first is in flight. */
        FIRST,
        /** One or more have ended, none is in flight. */
        ENDED,
        /** One or more have ended, another is in flight. */
        AGAIN;

        boolean isInFlight() {
            return this == FIRST || this == AGAIN;
        }

        boolean hasEnded() {
            return this == ENDED || this == AGAIN;
        }
    }

    /** What can still become of a connection. */
    public enum Standing {
        /** Exchanges can be started on it. */
        USABLE,
        /** Closing: our exchange failed because of it; ConnectionClosed has not arrived yet. */
        GOING,
        /** A permanent failure came on it: nothing is started on it nor completed by it, nothing more is told of it. */
        BARRED
    }

    /**
     * One established connection.
     *
     * @param id the host's id
     * @param outbound whether we dialed it
     * @param ours our exchanges on it
     * @param deaths how many of ours on it ended by reset or deadline, since the cover was last lost or the application last asked
     * @param lastDeath how the last of these ended
     * @param theirs how many of the peer's exchanges are in flight on it
     * @param covers whether an exchange, started by either side, has completed on it
     * @param standing what can become of it
     * @param told each {@link Ending} that was told of it
     */
    public record Connection(
            long id,
            boolean outbound,
            Ours ours,
            int deaths,
            @Nullable Ending lastDeath,
            int theirs,
            boolean covers,
            Standing standing,
            Set<Ending> told) {
        /** Copies the set. */
        public Connection {
            told = Set.copyOf(told);
        }

        static Connection established(long id, boolean outbound) {
            return new Connection(id, outbound, Ours.NONE, 0, null, 0, false, Standing.USABLE, Set.of());
        }

        Connection withOurs(Ours next) {
            return new Connection(id, outbound, next, deaths, lastDeath, theirs, covers, standing, told);
        }

        Connection withDeath(Ending ending) {
            return new Connection(id, outbound, ours, deaths + 1, ending, theirs, covers, standing, told);
        }

        Connection withoutDeaths() {
            return new Connection(id, outbound, ours, 0, null, theirs, covers, standing, told);
        }

        /** What was told of transient failures may be told again. */
        Connection withoutTransients() {
            Set<Ending> permanent = EnumSet.noneOf(Ending.class);
            told.stream().filter(Ending::isPermanent).forEach(permanent::add);
            return new Connection(id, outbound, ours, deaths, lastDeath, theirs, covers, standing, permanent);
        }

        Connection withTheirs(int next) {
            return new Connection(id, outbound, ours, deaths, lastDeath, next, covers, standing, told);
        }

        Connection withCover() {
            return new Connection(id, outbound, ours, deaths, lastDeath, theirs, true, standing, told);
        }

        Connection withStanding(Standing next) {
            return new Connection(id, outbound, ours, deaths, lastDeath, theirs, covers, next, told);
        }

        Connection withTold(Ending ending) {
            Set<Ending> more = EnumSet.of(ending);
            more.addAll(told);
            return new Connection(id, outbound, ours, deaths, lastDeath, theirs, covers, standing, more);
        }

        boolean hasTold(Ending ending) {
            return told.contains(ending);
        }

        boolean isUsable() {
            return standing == Standing.USABLE;
        }
    }

    /** How many connections to the peer dialed by it are established. */
    public int inbound() {
        return connections.size() - outbound();
    }

    /** How many connections to the peer dialed by us are established. */
    public int outbound() {
        return (int) connections.stream().filter(Connection::outbound).count();
    }

    /** Whether a connection is open on which an exchange, started by either side, has completed. */
    public boolean isCovered() {
        return connections.stream().anyMatch(Connection::covers);
    }
}
