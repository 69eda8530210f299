/** The public API of a node: connections, streams, protocols, limits and events. */
@NullMarked
package org.minip2p.host;

import org.jspecify.annotations.NullMarked;
