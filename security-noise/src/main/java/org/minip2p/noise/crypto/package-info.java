/**
 * The primitives of Noise, behind two small interfaces, implemented with the JDK, BouncyCastle and Conscrypt. No provider is ever
 * installed.
 *
 * <p>A host takes {@link NoiseCrypto#standard} unless it is told otherwise. To bring your own provider, begin with {@link Aead} and
 * {@link X25519}, and put them together with {@link NoiseCrypto#of}.
 */
@NullMarked
package org.minip2p.noise.crypto;

import org.jspecify.annotations.NullMarked;
