package org.minip2p.host.connections;

import java.time.Duration;

/**
 * How long a connection is waited for. Immutable.
 *
 * @param idle without a use before it is closed; zero for never
 * @param superseded the same while another connection to the peer serves as well
 * @param drain how long a closing one waits for streams that still have something to send
 * @param linger how long a closed one reads and discards, so that the last bytes reach the peer
 */
public record ConnectionTimeouts(Duration idle, Duration superseded, Duration drain, Duration linger) {}
