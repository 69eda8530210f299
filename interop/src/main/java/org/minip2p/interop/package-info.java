/** Real peers, each a process of its own, and the tests that run against them. */
@NullMarked
package org.minip2p.interop;

import org.jspecify.annotations.NullMarked;
