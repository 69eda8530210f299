/** What nothing outside of the host may replace. */
@NullMarked
package org.minip2p.host;

import org.jspecify.annotations.NullMarked;
