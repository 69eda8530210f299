/** One connection: before the host has decided on it, while it is used, and at its end. */
@NullMarked
package org.minip2p.host.connections;

import org.jspecify.annotations.NullMarked;
