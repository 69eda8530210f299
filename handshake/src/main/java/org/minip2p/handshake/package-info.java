/**
 * The node-info handshake: tells each peer which network this node belongs to, and asks each peer the same. It is built on the public API of
 * the host.
 *
 * <p>Begin with {@link NodeInfoHandshake#install}. It takes the {@link NodeInfo} of this node, the {@link HandshakeOptions}, and a
 * {@link HandshakeListener} that hears how each handshake ends. {@link NetworkSchedule} is for networks that change at given times.
 *
 * @serial exclude
 */
@NullMarked
package org.minip2p.handshake;

import org.jspecify.annotations.NullMarked;
