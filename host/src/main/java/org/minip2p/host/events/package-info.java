/** Tells what happened, to each in order. */
@NullMarked
package org.minip2p.host.events;

import org.jspecify.annotations.NullMarked;
