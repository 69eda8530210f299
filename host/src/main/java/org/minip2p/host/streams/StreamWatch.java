package org.minip2p.host.streams;

import org.minip2p.host.observing.HostMeter;

/**
 * Who is told how the streams of a host fare.
 *
 * @param failures what handlers throw
 * @param meter what observers and recordings are told
 */
public record StreamWatch(StreamFailures failures, HostMeter meter) {}
