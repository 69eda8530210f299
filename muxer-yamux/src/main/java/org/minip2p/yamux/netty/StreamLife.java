package org.minip2p.yamux.netty;

/** The life of a stream's channel. */
enum StreamLife {
    /** Entered when the stream is made. Left when handlers can be put into its pipeline. */
    NEW,
    /** Entered before the initializer runs. Left when it has run, or on a failure. */
    REGISTERED,
    /** Entered when the initializer closes the channel. Left when it has run, or on a failure. */
    REGISTERED_CLOSING,
    /** Entered when the initializer has run. Left when the channel is closed by either end, or on a failure. */
    ACTIVE,
    /**
     * Entered when the application closes the channel. Left when all that it wrote and the FIN have been written, or on
     * a failure.
     */
    CLOSING,
    /** Entered when the channel is closed. Left when the protocol is done with the stream, too. */
    CLOSED,
    /** Entered when nothing is left of the stream, which makes room for another. Never left. */
    RELEASED;

    boolean isRegistered() {
        return this != NEW && isOpen();
    }

    boolean isActive() {
        return this == ACTIVE || this == CLOSING;
    }

    boolean isClosing() {
        return this == REGISTERED_CLOSING || this == CLOSING;
    }

    boolean isOpen() {
        return this != CLOSED && this != RELEASED;
    }
}
