/** TCP on Netty: dialing and listening. */
@NullMarked
package org.minip2p.transport;

import org.jspecify.annotations.NullMarked;
