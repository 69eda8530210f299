package org.minip2p.interop;

/** Thrown when a case fails by the peer's own fault; the message says what shows that. */
final class PeerFault extends Exception {
    private static final long serialVersionUID = 1;

    PeerFault(String evidence) {
        super(evidence);
    }
}
