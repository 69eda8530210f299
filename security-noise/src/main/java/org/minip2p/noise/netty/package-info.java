/** The pipeline stages around Noise: the handshake, then the record layer that takes its place. */
@NullMarked
package org.minip2p.noise.netty;

import org.jspecify.annotations.NullMarked;
