/** The node-info handshake, built on the public API of the host. */
@NullMarked
package org.minip2p.handshake;

import org.jspecify.annotations.NullMarked;
