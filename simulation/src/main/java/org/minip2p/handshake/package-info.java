/** What nothing outside of the handshake may see. */
@NullMarked
package org.minip2p.handshake;

import org.jspecify.annotations.NullMarked;
