package org.minip2p.host.streams;

import org.minip2p.host.observing.HostMeter;

/**
 * Receives failures and measurements of a host's streams.
 *
 * @param failures gets exceptions of handlers
 * @param meter gets measurements for observers and recordings
 */
public record StreamWatch(StreamFailures failures, HostMeter meter) {}
