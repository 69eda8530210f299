/**
 * Which peers get a slot on the host, and which are dropped when there are too many.
 *
 * <p>Begin reading with {@link PeerPlaces}.
 */
@NullMarked
package org.minip2p.host.trimming;

import org.jspecify.annotations.NullMarked;
