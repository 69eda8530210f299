/**
 * The sockets that listen, and those that they accept.
 *
 * <p>Begin reading with {@link Acceptor}.
 */
@NullMarked
package org.minip2p.host.accepting;

import org.jspecify.annotations.NullMarked;
