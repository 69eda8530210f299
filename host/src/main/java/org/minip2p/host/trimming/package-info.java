/** Which peers get a slot on the host, and which are dropped when there are too many. */
@NullMarked
package org.minip2p.host.trimming;

import org.jspecify.annotations.NullMarked;
