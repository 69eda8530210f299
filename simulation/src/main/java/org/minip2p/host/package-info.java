/** The simulation's access to parts of a host that applications must not replace. */
@NullMarked
package org.minip2p.host;

import org.jspecify.annotations.NullMarked;
