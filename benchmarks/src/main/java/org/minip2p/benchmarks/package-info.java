/** The benchmarks: JMH benchmarks of the layers and of whole paths, and measurements between processes. */
@NullMarked
package org.minip2p.benchmarks;

import org.jspecify.annotations.NullMarked;
