/** Ping, identify and perf, on the public API of the host. */
@NullMarked
package org.minip2p.protocols;

import org.jspecify.annotations.NullMarked;
