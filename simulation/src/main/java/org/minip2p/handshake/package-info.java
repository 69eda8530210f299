/** The simulation's access to the state of a handshake. */
@NullMarked
package org.minip2p.handshake;

import org.jspecify.annotations.NullMarked;
