package org.minip2p.handshake.rule;

/** How an exchange ended that brought no information which was accepted. */
public enum Ending {
    /** Its connection went. Costs no try: the next exchange starts at once. */
    CONNECTION_CLOSED,
    /** The other side reset the stream, or ended it before its answer. */
    STREAM_RESET,
    /** The deadline of the exchange passed. */
    TIMEOUT,
    /** The protocol could not be agreed on, for another reason than that the other side does not have it. */
    NEGOTIATION_FAILED,
    /** This side could not take part: it failed to say who it is, or to judge what came. */
    LOCAL_FAULT,
    /** Permanent: what came, or that nothing can come, shows that this peer is not for us. */
    REFUSED;

    /** Whether the connection it came on can never complete any more. */
    public boolean isPermanent() {
        return this == REFUSED;
    }
}
