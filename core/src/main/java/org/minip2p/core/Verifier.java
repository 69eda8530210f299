package org.minip2p.core;

/** The public half of a key of one type, parsed and checked. Implementations are immutable. */
interface Verifier {
    /** The key bytes as they stand in the key message, in their canonical form. The array is not to be changed. */
    byte[] data();

    /** Whether this key's owner signed the message; false for anything malformed, too. */
    boolean verify(byte[] message, byte[] signature);
}
