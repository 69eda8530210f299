package org.minip2p.handshake.rule;

import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.rule.World.End;

/** What must hold in a {@link World}. The first violation is noted there. */
final class Invariants {
    private static final int GO_WAITS = 20;

    /**
     * If a connection comes up within this time of Go's wait, two exchanges may stall and the third is still in time.
     */
    private static final int IN_TIME = 5;

    private final World world;
    private final Scenario scenario;

    Invariants(World world) {
        this.world = world;
        this.scenario = world.scenario;
    }

    private void broken(String what) {
        if (world.violation == null) {
            world.violation = what;
        }
    }

    static String name(int e) {
        return e == 0 ? "A" : "B";
    }

    static String name(long c) {
        return String.valueOf((char) ('X' + c));
    }

    // ---- At an action ----------------------------------------------------------------------------------------------

    /** Whether the end may start an exchange. If not, the exploration ends here. */
    boolean checkStart(int c, int e) {
        if (world.ends[e].inFlight != 0) {
            broken("invariant 3: " + name(e) + " has two exchanges in flight");
            return false;
        }
        if (scenario.end(e).isOurs()
                && world.inbound(c, e) != World.OFF
                && peer(e).peerDeaths() < HandshakeRule.PATIENCE) {
            broken("economy: " + name(e) + " asks on " + name((long) c) + " though it sees the other asking there");
        }
        return true;
    }

    void checkCompleted(int e) {
        if (world.ends[e].completed > 1) {
            broken("invariant 2: " + name(e) + " has reported Completed twice");
        }
    }

    /** Only a strict end refuses the other's network, unless B stays behind forever. */
    void checkJudgement(int e, boolean isAccepted) {
        if (!isAccepted && !scenario.end(e).isStrict() && scenario.clocks() != Scenario.Clocks.B_STAYS_BEHIND) {
            broken("invariant 7: " + name(e) + " refuses the other's network");
        }
    }

    void checkClose(int e) {
        if (scenario.end(e).isOurs() && scenario.clocks() != Scenario.Clocks.B_STAYS_BEHIND) {
            broken("invariant 7: " + name(e) + " closes a connection");
        }
    }

    void checkFailure(int e, Action.TellFailed told) {
        boolean isExpiry = scenario.end(e).isGo() && told.ending() == Ending.TIMEOUT && !told.initiatedByUs();
        if (isExpiry && couldHaveAsked()) {
            broken("invariant 5: Go's 20 s have passed and it closes all connections");
        }
        if (!scenario.end(e).isOurs() || told.ending().isPermanent()) {
            return;
        }
        int shared = scenario.b().isSilent() ? -1 : world.sharedConnection();
        if (told.ending() != Ending.CONNECTION_CLOSED && shared >= 0) {
            broken("invariant 1: " + name(e) + " reports a failure though " + name((long) shared) + " is established");
        }
        for (int c = 0; c < world.count; c++) {
            if (told.ending() == Ending.CONNECTION_CLOSED && world.at(c, e) == World.OPEN) {
                broken("invariant 1: " + name(e) + " reports a close though " + name((long) c) + " is open");
            }
        }
    }

    void checkLastClose(int e, boolean isCut) {
        End end = world.ends[e];
        if (isCut && scenario.end(e).isOurs() && end.completed == 0 && !end.hasFailed) {
            broken("invariant 1: " + name(e)
                    + " reports nothing though its last connection closed during its exchange");
        }
    }

    // ---- After each step -------------------------------------------------------------------------------------------

    void noteShared() {
        int wait = world.ends[1].wait;
        boolean isWaiting = scenario.b().isGo() && wait > World.EXPIRED;
        boolean isFresh = isWaiting && GO_WAITS - (wait - World.EXPIRED) < IN_TIME;
        for (int c = 0; c < world.count; c++) {
            boolean isShared = world.at(c, 0) == World.OPEN && world.at(c, 1) == World.OPEN;
            if (isShared && isFresh) {
                world.sharedSinceWait |= 1 << c;
            } else if (!isShared || wait == World.OFF) {
                world.sharedSinceWait &= ~(1 << c);
            }
        }
    }

    /**
     * Whether A could have asked in time: both ends have seen the same connection since early in Go's wait. While A has
     * a connection that is closed without A knowing, A may take the peer for covered by it. Then A asks only on the
     * connections that it dialed, and Go ignores those that Go dialed while it waits on another. So only A's
     * connections count.
     */
    private boolean couldHaveAsked() {
        boolean isDeceived = false;
        for (int c = 0; c < world.count; c++) {
            isDeceived |= world.isOneSided(c, 0);
        }
        for (int c = 0; c < world.count; c++) {
            if ((world.sharedSinceWait & 1 << c) != 0 && (scenario.dialedByA().get(c) || !isDeceived)) {
                return true;
            }
        }
        return false;
    }

    void checkAlways() {
        for (int e = 0; e < 2; e++) {
            if (scenario.end(e).isOurs() && world.violation == null) {
                checkTruth(e);
                checkDue(e);
            }
        }
    }

    private PeerState peer(int e) {
        return scenario.end(e).peer(world.ends[e].state);
    }

    private void checkTruth(int e) {
        PeerState peer = peer(e);
        End end = world.ends[e];
        int known = 0;
        int asked = 0;
        for (PeerState.Connection connection : peer.connections()) {
            known |= 1 << connection.id();
            asked = connection.ours().isInFlight() ? (int) connection.id() + 1 : asked;
        }
        int open = 0;
        for (int c = 0; c < world.count; c++) {
            open |= world.at(c, e) == World.OPEN ? 1 << c : 0;
        }
        boolean isRepeatRight = scenario.end(e).behaviour().repeatSeconds() == 0
                || (peer.repeat() == PeerState.Repeat.ARMED) == (end.repeat != World.OFF);
        if (known != open) {
            broken("invariant 4: " + name(e) + " counts other connections than are open");
        } else if (open == 0 && isAnythingKept(end, peer)) {
            broken("invariant 4: " + name(e) + " keeps state without a connection");
        } else if (asked != end.inFlight || (peer.waiting() == PeerState.Wait.ARMED) != (end.wait != World.OFF)) {
            broken("invariant 4: " + name(e) + " is wrong about its exchange or its wait");
        } else if (!isRepeatRight) {
            broken("invariant 4: " + name(e) + " is wrong about its repeat");
        }
    }

    private static boolean isAnythingKept(End end, PeerState peer) {
        boolean isTimed = end.wait != World.OFF || end.repeat != World.OFF;
        return !peer.equals(PeerState.UNKNOWN) || isTimed || end.inFlight != 0;
    }

    /** An ask of the application has an exchange in flight, unless the peer itself asks on every usable connection. */
    private void checkDue(int e) {
        PeerState peer = peer(e);
        if (peer.ask() == PeerState.Ask.NONE && world.ends[e].isOwed) {
            broken("invariant 8: " + name(e) + " takes for answered what it was asked for before it read its own info");
        }
        if (peer.ask() == PeerState.Ask.NONE || !peer.isCovered() || world.ends[e].inFlight != 0) {
            return;
        }
        for (PeerState.Connection connection : peer.connections()) {
            boolean isFree = connection.theirs() == 0 || peer.peerDeaths() >= HandshakeRule.PATIENCE;
            if (connection.isUsable() && connection.deaths() < HandshakeRule.MAX_DEATHS && isFree) {
                broken("invariant 8: " + name(e) + " was asked and does not ask on " + name(connection.id()));
            }
        }
    }

    // ---- At rest ---------------------------------------------------------------------------------------------------

    /** The broken invariant, or null. */
    @Nullable String violation() {
        if (world.violation == null && world.isQuiet() && !scenario.b().isSilent()) {
            checkAnswered(0);
            checkAnswered(1);
            checkQuiet();
        }
        return world.violation;
    }

    private void checkAnswered(int e) {
        if (!scenario.end(e).isOurs() || world.ends[e].hasToldAsk) {
            return;
        }
        PeerState peer = peer(e);
        boolean isAskable = peer.connections().stream().anyMatch(PeerState.Connection::isUsable);
        if (peer.ask() != PeerState.Ask.NONE && isAskable) {
            broken("invariant 8: all is quiet, and what " + name(e) + " was asked for is neither answered nor told");
        }
    }

    private void checkQuiet() {
        int shared = world.sharedConnection();
        if (shared < 0 || world.isAnyOneSided()) {
            return;
        }
        if (scenario.clocks() == Scenario.Clocks.B_STAYS_BEHIND) {
            checkLeftBehind(shared);
            return;
        }
        for (int e = 0; e < 2; e++) {
            boolean isExcused = scenario.end(e).isSeed() && world.ends[e].hasFailed && world.isResponseLost;
            if (world.ends[e].completed == 0 && !isExcused) {
                broken("invariant 1: all is quiet, " + name((long) shared) + " is established at both ends, and "
                        + name(e) + " has not completed");
                return;
            }
        }
    }

    private void checkLeftBehind(int shared) {
        End ours = world.ends[0];
        if (ours.completed == 0 && !ours.hasFailed) {
            broken("invariant 1: all is quiet, " + name((long) shared) + " is established, and A has told nothing");
        }
        if (ours.phase == Networks.PHASES - 1 && scenario.asksOfA() > 0 && ours.asksLeft == 0) {
            broken("invariant 9: B stayed behind, A has asked after the window, and " + name((long) shared)
                    + " is established");
        }
    }
}
