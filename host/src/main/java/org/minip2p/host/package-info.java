/** A node: connections, upgrade, dialing, limits, protocols and events. */
@NullMarked
package org.minip2p.host;

import org.jspecify.annotations.NullMarked;
