/**
 * Takes a socket from its first byte to a connection.
 *
 * <p>Begin reading with {@link Upgrade}.
 */
@NullMarked
package org.minip2p.host.upgrade;

import org.jspecify.annotations.NullMarked;
