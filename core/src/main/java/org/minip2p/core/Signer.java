package org.minip2p.core;

/** The private half of a key of one type, parsed and checked. Implementations are immutable. */
interface Signer {
    /** The key bytes of the private key message, in canonical form. The array must not be changed. */
    byte[] data();

    /** The public half. */
    Verifier verifier();

    /** Signs; the same message gives the same signature. */
    byte[] sign(byte[] message);
}
