/**
 * Finds a peer at its addresses and connects to it.
 *
 * <p>Begin reading with {@link Dialer}.
 */
@NullMarked
package org.minip2p.host.dialing;

import org.jspecify.annotations.NullMarked;
