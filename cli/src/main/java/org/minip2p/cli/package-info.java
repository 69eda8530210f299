/** The {@code minip2p} command. */
@NullMarked
package org.minip2p.cli;

import org.jspecify.annotations.NullMarked;
