package org.minip2p.host.upgrade;

import java.time.Duration;
import org.minip2p.multistream.MultistreamConfig;

/**
 * Limits of an upgrade. Immutable.
 *
 * @param timeout from the first packet of a socket to its being a connection
 * @param linger how long a socket that has failed reads and discards, so that the last bytes reach the peer
 * @param negotiation of one negotiation
 * @param pipelining whether a proposal is followed at once by what comes next
 */
public record UpgradeSettings(Duration timeout, Duration linger, MultistreamConfig negotiation, boolean pipelining) {}
