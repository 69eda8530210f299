/** Programs that run a node, to read and copy; docs/examples.md says what each one shows. */
@NullMarked
package org.minip2p.examples;

import org.jspecify.annotations.NullMarked;
