/** Whole hosts in one thread and in virtual time, under a seed. */
@NullMarked
package org.minip2p.simulation;

import org.jspecify.annotations.NullMarked;
