/**
 * Types that every layer shares: keys, peer ids, addresses, protocol ids, and the exceptions that applications catch. Nothing here needs
 * Netty.
 *
 * <p>Begin with {@link PrivateKey}, the identity of a host, which {@link PrivateKey#readFile} reads; {@link PeerId}, the name of a peer; and
 * {@link Multiaddr}, where it can be reached. What a peer or the network causes is a {@link Libp2pException}.
 *
 * @serial exclude
 */
@NullMarked
package org.minip2p.core;

import org.jspecify.annotations.NullMarked;
