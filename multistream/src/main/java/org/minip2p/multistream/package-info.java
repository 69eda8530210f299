/**
 * multistream-select 1.0.0 as state machines without Netty: bytes in, at most one message taken, one {@link
 * org.minip2p.multistream.Outcome} out.
 *
 * <p>Begin reading with {@link Negotiation}.
 */
@NullMarked
package org.minip2p.multistream;

import org.jspecify.annotations.NullMarked;
