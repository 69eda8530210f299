/** Who has a place on the host, and who goes when there are too many. */
@NullMarked
package org.minip2p.host.trimming;

import org.jspecify.annotations.NullMarked;
