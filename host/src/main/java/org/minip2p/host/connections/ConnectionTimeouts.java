package org.minip2p.host.connections;

import java.time.Duration;

/**
 * How long a connection is waited for. Immutable.
 *
 * @param idle without a use before it is closed; zero for never
 * @param superseded the same while another connection to the peer serves as well
 * @param drain how long a closing one waits for streams that still have something to send
 * @param linger how long a closed one reads and discards, so that the last bytes reach the peer
 * @param open how long the opening of a stream is waited for unless its caller says something else
 */
public record ConnectionTimeouts(Duration idle, Duration superseded, Duration drain, Duration linger, Duration open) {}
