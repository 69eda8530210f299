/**
 * The primitives that Noise needs, behind two small interfaces, and where they come from: the JDK and BouncyCastle. No provider is
 * ever installed.
 */
@NullMarked
package org.minip2p.noise.crypto;

import org.jspecify.annotations.NullMarked;
