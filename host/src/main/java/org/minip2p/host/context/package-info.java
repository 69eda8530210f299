/** Services for protocols besides their streams. */
@NullMarked
package org.minip2p.host.context;

import org.jspecify.annotations.NullMarked;
