/** What every layer shares: identities, addresses, protocol ids, varints and the root of the errors. */
@NullMarked
package org.minip2p.core;

import org.jspecify.annotations.NullMarked;
