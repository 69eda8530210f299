/**
 * The known addresses of peers, in memory and in a file.
 *
 * <p>Begin reading with {@link BookKeeping}.
 */
@NullMarked
package org.minip2p.host.book;

import org.jspecify.annotations.NullMarked;
