/**
 * Compares the API of the libraries with that of a staged release. Begin with {@link org.minip2p.compatibility.Compare}, which
 * {@code release/compare} runs.
 */
@NullMarked
package org.minip2p.compatibility;

import org.jspecify.annotations.NullMarked;
