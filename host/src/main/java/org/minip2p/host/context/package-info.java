/**
 * Services for protocols besides their streams.
 *
 * <p>Begin reading with {@link PeerContext}.
 */
@NullMarked
package org.minip2p.host.context;

import org.jspecify.annotations.NullMarked;
