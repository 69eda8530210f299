package org.minip2p.handshake.rule;

/** How an exchange ended without accepted information. */
public enum Ending {
    /** Its connection closed. This uses up no try: the next exchange starts at once. */
    CONNECTION_CLOSED,
    /** The other side reset the stream, or ended it before its answer. */
    STREAM_RESET,
    /** The deadline of the exchange passed. */
    TIMEOUT,
    /** The protocol negotiation failed, although the other side may have the protocol. */
    NEGOTIATION_FAILED,
    /** This side could not take part: it failed to supply its own info, or to check the peer's. */
    LOCAL_FAULT,
    /** Permanent: the peer's data, or its lack of the protocol, shows that we cannot accept this peer. */
    REFUSED;

    /** Whether its connection can never complete an exchange. */
    public boolean isPermanent() {
        return this == REFUSED;
    }
}
