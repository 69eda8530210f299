/**
 * Observations: measured on sockets and streams, queued, and delivered on a separate thread.
 *
 * <p>Begin reading with {@link HostMeter}.
 */
@NullMarked
package org.minip2p.host.observing;

import org.jspecify.annotations.NullMarked;
