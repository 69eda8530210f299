/**
 * The limits of a host: sockets, in total and per source, and unread bytes.
 *
 * <p>Begin reading with {@link HostMemory}: the unread bytes of all connections; {@link ConnectionLimits} counts sockets.
 */
@NullMarked
package org.minip2p.host.limits;

import org.jspecify.annotations.NullMarked;
