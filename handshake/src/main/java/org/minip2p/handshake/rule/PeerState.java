package org.minip2p.handshake.rule;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one peer. Immutable, compared by value; without connections it is {@link #UNKNOWN}.
 *
 * @param connections the established connections in order of age; those on which an exchange of ours was started come after the
 *     others, the most recent last
 * @param reach where clause 4 may start
 * @param waiting the state of the peer's wait
 * @param news what the application has been told
 * @param repeat the state of the one repeat
 * @param ask whether the application has asked, and waits for the answer
 * @param peerDeaths how many of the peer's exchanges have failed unread since an exchange of either side was last verified, at
 *     most {@link HandshakeRule#PATIENCE}
 */
public record PeerState(
        List<Connection> connections, Reach reach, Wait waiting, News news, Repeat repeat, Ask ask, int peerDeaths) {
    /** A peer without connections, and so without state. */
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
        /** On any: one of our exchanges has failed, or a wait has ended, since the last completion. */
        ANY
    }

    /** The one wait of a peer. */
    public enum Wait {
        /** Not armed. */
        NONE,
        /** Armed and not ended. */
        ARMED
    }

    /** What has been reported to the application since the peer had no connection. */
    public enum News {
        /** Nothing, and nothing is owed. */
        NOTHING,
        /** Nothing, and one of our exchanges has failed since: the result will be reported, at the latest at the last close. */
        OWED,
        /** A failure, and none of our exchanges has failed since. */
        FAILED,
        /** The completion. */
        COMPLETED
    }

    /** The second exchange, for a peer that may have served the first one before it began to wait for it. */
    public enum Repeat {
        /** No repeat is needed. */
        NONE,
        /** One of our exchanges has completed where none had before: the time to the next runs. */
        ARMED,
        /** That time has passed, and none of our exchanges has completed since. */
        DUE
    }

    /** The application's ask. */
    public enum Ask {
        /** There is none, or it was answered. */
        NONE,
        /** It is open: no exchange with our current info has completed. */
        OPEN,
        /** The same, and one of our exchanges has failed since: this is reported when every connection has used up its tries. */
        OWED
    }

    /** Our exchanges on one connection. */
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

    /** What a connection can still be used for. */
    public enum Standing {
        /** Exchanges can be started on it. */
        USABLE,
        /** Closing: our exchange failed because of it; ConnectionClosed has not arrived yet. */
        GOING,
        /** It had a permanent failure: no exchange is started or completed on it, and nothing more is reported of it. */
        BARRED
    }

    /**
     * One established connection.
     *
     * @param id the host's id
     * @param outbound whether we dialed it
     * @param ours our exchanges on it
     * @param deaths how many of our exchanges on it ended by reset or deadline since the cover was last lost or the application
     *     last asked
     * @param lastDeath how the last of these ended
     * @param theirs how many of the peer's exchanges are in flight on it
     * @param covers whether an exchange, started by either side, has completed on it
     * @param standing what it can be used for
     * @param told each {@link Ending} that was reported of it
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

        /** Transient failures may be reported again. */
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

    /** The number of established connections that the peer dialed. */
    public int inbound() {
        return connections.size() - outbound();
    }

    /** The number of established connections that we dialed. */
    public int outbound() {
        return (int) connections.stream().filter(Connection::outbound).count();
    }

    /** Whether a connection is open on which an exchange, started by either side, has completed. */
    public boolean isCovered() {
        return connections.stream().anyMatch(Connection::covers);
    }
}
