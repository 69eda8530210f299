/** The known addresses of peers, in memory and in a file. */
@NullMarked
package org.minip2p.host.book;

import org.jspecify.annotations.NullMarked;
