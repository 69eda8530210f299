/** The host's connections, by peer, and the decision which ones to admit. */
@NullMarked
package org.minip2p.host.table;

import org.jspecify.annotations.NullMarked;
