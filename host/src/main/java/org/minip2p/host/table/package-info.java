/**
 * The host's connections, by peer, and the decision which ones to admit.
 *
 * <p>Begin reading with {@link ConnectionTable}.
 */
@NullMarked
package org.minip2p.host.table;

import org.jspecify.annotations.NullMarked;
