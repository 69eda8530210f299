package org.minip2p.host.upgrade;

import java.time.Duration;
import org.minip2p.multistream.MultistreamConfig;

/**
 * Limits of an upgrade. Immutable.
 *
 * @param timeout from the first packet of a socket to an established connection
 * @param linger how long a failed socket still reads and discards data, so that its last bytes reach the peer
 * @param negotiation limits of one negotiation
 * @param pipelining whether to send the next data right after a proposal
 */
public record UpgradeSettings(Duration timeout, Duration linger, MultistreamConfig negotiation, boolean pipelining) {}
