/**
 * The pipeline stages around Noise: the handshake, then the transport stage that replaces it.
 *
 * <p>Begin reading with {@link NoiseHandshakeHandler}.
 */
@NullMarked
package org.minip2p.noise.netty;

import org.jspecify.annotations.NullMarked;
