package org.minip2p.host.connections;

import java.time.Duration;

/**
 * The time-outs of a connection. Immutable.
 *
 * @param idle how long it stays open without a use; zero for no limit
 * @param superseded the same while there is another connection to the peer
 * @param drain how long a closing connection waits for streams that still have something to send
 * @param linger how long a closed connection still reads and discards data, so that its last bytes reach the peer
 * @param open how long opening a stream may take by default
 */
public record ConnectionTimeouts(Duration idle, Duration superseded, Duration drain, Duration linger, Duration open) {}
