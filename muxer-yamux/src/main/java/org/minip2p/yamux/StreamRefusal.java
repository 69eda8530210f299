package org.minip2p.yamux;

/** Why a session accepts no further stream of the peer. */
public enum StreamRefusal {
    /** It is shutting down. */
    SHUTTING_DOWN,
    /** The peer has the maximum number of open streams. */
    TOO_MANY_OPEN,
    /** The maximum number of the peer's streams waits for an ACK. */
    TOO_MANY_UNACKNOWLEDGED
}
