/**
 * Yamux on Netty: {@link org.minip2p.yamux.netty.YamuxHandler} is the session, at the end of a connection's pipeline,
 * and each stream is a {@link org.minip2p.yamux.netty.YamuxStreamChannel}. The protocol itself is decided in
 * {@link org.minip2p.yamux}.
 *
 * <p>Begin reading with {@link YamuxHandler}.
 */
@NullMarked
package org.minip2p.yamux.netty;

import org.jspecify.annotations.NullMarked;
