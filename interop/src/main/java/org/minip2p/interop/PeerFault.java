package org.minip2p.interop;

/** A case that fails by the peer's own doing, with what shows that. */
final class PeerFault extends Exception {
    private static final long serialVersionUID = 1;

    PeerFault(String evidence) {
        super(evidence);
    }
}
