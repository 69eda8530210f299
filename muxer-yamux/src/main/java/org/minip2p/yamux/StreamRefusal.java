package org.minip2p.yamux;

/** Why a session takes no more of the peer's streams. */
public enum StreamRefusal {
    /** It is shutting down. */
    SHUTTING_DOWN,
    /** The peer has as many streams open as it may. */
    TOO_MANY_OPEN,
    /** As many streams of the peer wait for their ACK as may. */
    TOO_MANY_UNACKNOWLEDGED
}
