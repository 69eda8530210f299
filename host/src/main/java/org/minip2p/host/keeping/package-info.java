/** Connections that the application wants to be there. */
@NullMarked
package org.minip2p.host.keeping;

import org.jspecify.annotations.NullMarked;
