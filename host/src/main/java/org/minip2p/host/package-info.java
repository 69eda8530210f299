/**
 * The public API of a node: connections, streams, protocols, limits and events.
 *
 * <p>Begin with {@link Host#builder}, which makes a {@link Host}. {@link HostBuilder#handle(String, PeerEnd, StreamHandler)} answers a
 * protocol, {@link Host#dial(org.minip2p.core.Multiaddr)} connects to a peer, and
 * {@link Connection#openStream(org.minip2p.core.ProtocolId, StreamHandler)} opens a stream, which is a Netty channel; {@link BlockingStream}
 * is for code that blocks. {@link Host#keepConnected(org.minip2p.core.PeerId)} dials again when a connection is lost. {@link HostConfig} has
 * all limits and time-outs.
 *
 * <p>To see what a host does, implement {@link HostListener} for events, or {@link HostObserver} for measurements. A protocol that keeps
 * state per peer begins with {@link ProtocolContext}.
 *
 * @serial exclude
 */
@NullMarked
package org.minip2p.host;

import org.jspecify.annotations.NullMarked;
