/** Hostile peers: raw sockets, raw Yamux frames, and one class for each attack. */
@NullMarked
package org.minip2p.attacks.hostile;

import org.jspecify.annotations.NullMarked;
