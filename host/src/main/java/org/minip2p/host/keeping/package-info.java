/**
 * Connections that the application wants to keep.
 *
 * <p>Begin reading with {@link KeptPeers}.
 */
@NullMarked
package org.minip2p.host.keeping;

import org.jspecify.annotations.NullMarked;
