/** multistream-select 1.0.0: a core without Netty and its pipeline stages. */
@NullMarked
package org.minip2p.multistream;

import org.jspecify.annotations.NullMarked;
