/** Noise XX as libp2p uses it: the framework, the libp2p payload and the pipeline stages. */
@NullMarked
package org.minip2p.noise;

import org.jspecify.annotations.NullMarked;
