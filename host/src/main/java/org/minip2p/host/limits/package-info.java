/** The limits of a host: sockets, in total and per source, and unread bytes. */
@NullMarked
package org.minip2p.host.limits;

import org.jspecify.annotations.NullMarked;
