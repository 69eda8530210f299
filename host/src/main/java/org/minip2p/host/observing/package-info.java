/** What observers are told: measured on sockets and streams, queued, and told on a thread of its own. */
@NullMarked
package org.minip2p.host.observing;

import org.jspecify.annotations.NullMarked;
