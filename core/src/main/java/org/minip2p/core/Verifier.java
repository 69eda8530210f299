package org.minip2p.core;

/** The public half of a key of one type, parsed and checked. Implementations are immutable. */
interface Verifier {
    /** The key bytes of the key message, in canonical form. The array must not be changed. */
    byte[] data();

    /** Whether this key's owner signed the message; false also for anything malformed. */
    boolean verify(byte[] message, byte[] signature);
}
