/** Types that every layer shares: identities, addresses, protocol ids, varints and the root of the exceptions. */
@NullMarked
package org.minip2p.core;

import org.jspecify.annotations.NullMarked;
