/** Ping, identify and perf, built on the public API of the host. */
@NullMarked
package org.minip2p.protocols;

import org.jspecify.annotations.NullMarked;
