/** The simulation's access to parts of the protocols that applications must not replace. */
@NullMarked
package org.minip2p.protocols;

import org.jspecify.annotations.NullMarked;
