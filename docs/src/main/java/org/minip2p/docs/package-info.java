/** What keeps the pages true: they are made of, or held against, the tests of all modules. */
@NullMarked
package org.minip2p.docs;

import org.jspecify.annotations.NullMarked;
