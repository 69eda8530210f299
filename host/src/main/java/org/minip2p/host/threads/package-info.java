/** The threads of a host. */
@NullMarked
package org.minip2p.host.threads;

import org.jspecify.annotations.NullMarked;
