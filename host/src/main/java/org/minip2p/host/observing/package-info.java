/** Observations: measured on sockets and streams, queued, and delivered on a separate thread. */
@NullMarked
package org.minip2p.host.observing;

import org.jspecify.annotations.NullMarked;
