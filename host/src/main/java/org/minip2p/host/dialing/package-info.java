/** Finds a peer at its addresses and connects to it. */
@NullMarked
package org.minip2p.host.dialing;

import org.jspecify.annotations.NullMarked;
