package org.minip2p.interop;

/** Thrown when a peer cannot take part in a case. */
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
