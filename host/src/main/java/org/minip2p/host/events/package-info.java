/** Delivers events, in order for each receiver. */
@NullMarked
package org.minip2p.host.events;

import org.jspecify.annotations.NullMarked;
