/** What nothing outside of the protocols may replace. */
@NullMarked
package org.minip2p.protocols;

import org.jspecify.annotations.NullMarked;
