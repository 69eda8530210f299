package org.minip2p.core;

/**
 * Which side of an exchange this end is: of a connection's upgrade (the dialer of the socket initiates) or of one stream
 * (the side that opened it initiates).
 */
public enum Role {
    /** Opened the connection or the stream, and speaks first. */
    INITIATOR,
    /** Accepted it, and answers. */
    RESPONDER
}
