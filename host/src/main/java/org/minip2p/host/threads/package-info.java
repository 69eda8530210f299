/**
 * The threads of a host.
 *
 * <p>Begin reading with {@link HostThreads}.
 */
@NullMarked
package org.minip2p.host.threads;

import org.jspecify.annotations.NullMarked;
