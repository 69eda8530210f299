/**
 * The primitives of Noise, behind two small interfaces, implemented with the JDK, BouncyCastle and Conscrypt. No provider is ever
 * installed.
 */
@NullMarked
package org.minip2p.noise.crypto;

import org.jspecify.annotations.NullMarked;
