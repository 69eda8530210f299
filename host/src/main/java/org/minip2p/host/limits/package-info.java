/** What a host lets in: how many sockets, from whom, and how many unread bytes. */
@NullMarked
package org.minip2p.host.limits;

import org.jspecify.annotations.NullMarked;
