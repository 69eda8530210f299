/** JMH benchmarks of the layers. */
@NullMarked
package org.minip2p.benchmarks;

import org.jspecify.annotations.NullMarked;
