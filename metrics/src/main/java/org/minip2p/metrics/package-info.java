/** What a host does, in Micrometer's meters. */
@NullMarked
package org.minip2p.metrics;

import org.jspecify.annotations.NullMarked;
