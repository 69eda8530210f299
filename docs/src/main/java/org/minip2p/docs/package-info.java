/** Keeps the pages correct: they are generated from, or checked against, the tests of all modules. */
@NullMarked
package org.minip2p.docs;

import org.jspecify.annotations.NullMarked;
