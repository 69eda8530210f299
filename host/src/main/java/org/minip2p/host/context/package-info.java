/** What protocols get beside their streams. */
@NullMarked
package org.minip2p.host.context;

import org.jspecify.annotations.NullMarked;
