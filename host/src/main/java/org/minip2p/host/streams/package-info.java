/** The streams of a connection: they agree on a protocol and are handed to its handler. */
@NullMarked
package org.minip2p.host.streams;

import org.jspecify.annotations.NullMarked;
