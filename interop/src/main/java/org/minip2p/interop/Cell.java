package org.minip2p.interop;

/** One case with one peer in one role. */
record Cell(Peers peer, PeerRole role, Case test) {
    @Override
    public String toString() {
        return peer + " " + role + " \"" + test.name() + "\"";
    }
}
