/** The sockets that listen, and those that they accept. */
@NullMarked
package org.minip2p.host.accepting;

import org.jspecify.annotations.NullMarked;
