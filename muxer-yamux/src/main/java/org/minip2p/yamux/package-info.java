/** Yamux: a session without Netty, and its streams as Netty channels. */
@NullMarked
package org.minip2p.yamux;

import org.jspecify.annotations.NullMarked;
