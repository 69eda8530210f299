/**
 * The addresses that a host announces, and the peers that it tells.
 *
 * <p>Begin reading with {@link Announcements}.
 */
@NullMarked
package org.minip2p.host.announcing;

import org.jspecify.annotations.NullMarked;
