package org.minip2p.host.book;

/**
 * The limits of a book.
 *
 * @param peerAddresses addresses of one peer
 * @param peerBytes memory for one peer, in bytes
 * @param addresses addresses in all
 * @param bytes memory in all, in bytes
 */
record BookLimits(int peerAddresses, long peerBytes, int addresses, long bytes) {
    /** A dial tries 32 addresses of a peer; 20,000 real addresses need this memory. */
    static final BookLimits STANDARD = new BookLimits(64, 32 << 10, 20_000, 8 << 20);

    BookLimits {
        if (peerAddresses < 1 || peerAddresses > addresses || peerBytes > bytes) {
            throw new IllegalArgumentException("a peer has a part of the whole, not " + peerAddresses + " of "
                    + addresses + " addresses and " + peerBytes + " of " + bytes + " bytes");
        }
    }
}
