package org.minip2p.interop;

/** A case that a peer cannot take part in. */
final class NotForThisPeer extends Exception {
    private static final long serialVersionUID = 1;

    NotForThisPeer(String reason) {
        super(reason);
    }

    /** Ends the cell unless the peer can take part. */
    static void unless(boolean canTakePart, String reason) throws NotForThisPeer {
        if (!canTakePart) {
            throw new NotForThisPeer(reason);
        }
    }
}
