/** The attack suite: victim, honest peer and hostile peers, each a process, and what is made of what they report. */
@NullMarked
package org.minip2p.attacks;

import org.jspecify.annotations.NullMarked;
