/**
 * The streams of a connection: they negotiate a protocol and are passed to its handler.
 *
 * <p>Begin reading with {@link ConnectionStreams}.
 */
@NullMarked
package org.minip2p.host.streams;

import org.jspecify.annotations.NullMarked;
