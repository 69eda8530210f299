package org.minip2p.host.dialing;

import java.net.InetSocketAddress;
import org.minip2p.core.Multiaddr;

/**
 * A socket address that a dial may try.
 *
 * @param named the address of the dial that led to it
 * @param address the same, or the address from a {@code /dnsaddr}
 * @param remote the socket address
 */
record Candidate(Multiaddr named, Multiaddr address, InetSocketAddress remote) {}
