/**
 * Noise XX as libp2p uses it: the framework, the libp2p payload and the pipeline stages.
 *
 * <p>Begin reading with {@link NoiseHandshake}.
 */
@NullMarked
package org.minip2p.noise;

import org.jspecify.annotations.NullMarked;
