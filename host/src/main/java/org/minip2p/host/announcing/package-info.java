/** Where a host says that it is, and to whom. */
@NullMarked
package org.minip2p.host.announcing;

import org.jspecify.annotations.NullMarked;
