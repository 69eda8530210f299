/**
 * The pipeline stages of multistream-select: {@link org.minip2p.multistream.netty.MultistreamInitiator} and {@link
 * org.minip2p.multistream.netty.MultistreamResponder}.
 *
 * <p>Begin reading with {@link MultistreamInitiator}.
 */
@NullMarked
package org.minip2p.multistream.netty;

import org.jspecify.annotations.NullMarked;
