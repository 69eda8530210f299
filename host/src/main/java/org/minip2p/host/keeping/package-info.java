/** Connections that the application wants to keep. */
@NullMarked
package org.minip2p.host.keeping;

import org.jspecify.annotations.NullMarked;
