package org.minip2p.host;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Printable;

/**
 * Why a connection ended.
 *
 * @param reason the kind
 * @param error what went wrong; null when nothing did
 */
public record CloseCause(Reason reason, @Nullable Throwable error) {
    /** The kinds of ends. */
    public enum Reason {
        /** Closed by the application on this side. */
        LOCAL,
        /** Aborted by the application on this side. */
        ABORTED,
        /** Closed by the peer: its GO_AWAY, or the end of its bytes. */
        REMOTE,
        /** No stream and no lease for the idle time-out. */
        IDLE,
        /** Closed on this side because there is another connection to the same peer. */
        SUPERSEDED,
        /** Closed on this side because the host had too many peers, or a protected peer connected. */
        TRIMMED,
        /** Closed on this side because a listener did not return from an event of this peer; see {@link HostConfig#LISTENER_TIMEOUT}. */
        LISTENER_STUCK,
        /** The host was closed. */
        HOST_CLOSED,
        /** The peer broke a rule of a protocol, or the connection broke. */
        ERROR
    }

    /**
     * {@return a clean end}
     *
     * @param reason why it ended
     */
    public static CloseCause of(Reason reason) {
        return new CloseCause(reason, null);
    }

    /**
     * {@return an end because of an error}
     *
     * @param error what went wrong
     */
    public static CloseCause error(Throwable error) {
        return new CloseCause(Reason.ERROR, error);
    }

    /** {@return whether nothing went wrong} Clean ends are logged at trace, the others at debug. */
    public boolean isClean() {
        return error == null;
    }

    @Override
    public String toString() {
        return error == null ? reason.toString() : reason + ": " + Printable.message(error);
    }
}
