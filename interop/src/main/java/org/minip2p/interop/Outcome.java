package org.minip2p.interop;

import java.time.Duration;

/**
 * The outcome of a cell.
 *
 * @param kind how it went
 * @param detail a remark, a reason, or what went wrong, with the last lines of the peer
 * @param took from its start to its end
 */
record Outcome(Kind kind, String detail, Duration took) {
    /** How it went. */
    enum Kind {
        OK,
        NOT_FOR_THIS_PEER,
        PEERS_FAULT,
        FAILED
    }
}
