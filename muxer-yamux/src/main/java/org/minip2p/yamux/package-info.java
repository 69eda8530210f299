/**
 * Yamux without Netty: the header, the windows, the states of a stream and of a session, the limits. A session sees
 * headers and lengths, never payload; time is an argument; one header in, one {@link org.minip2p.yamux.FrameOutcome}
 * out.
 *
 * <p>Begin reading with {@link YamuxSession}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md">the Yamux specification of libp2p</a>
 */
@NullMarked
package org.minip2p.yamux;

import org.jspecify.annotations.NullMarked;
