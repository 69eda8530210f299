/** The metrics of a host in Micrometer. */
@NullMarked
package org.minip2p.metrics;

import org.jspecify.annotations.NullMarked;
