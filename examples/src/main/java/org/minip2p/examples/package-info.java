/** Programs with a node in them, to be read and copied; docs/examples.md says what each shows. */
@NullMarked
package org.minip2p.examples;

import org.jspecify.annotations.NullMarked;
