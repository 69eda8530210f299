/**
 * Delivers events, in order for each receiver.
 *
 * <p>Begin reading with {@link Events}.
 */
@NullMarked
package org.minip2p.host.events;

import org.jspecify.annotations.NullMarked;
