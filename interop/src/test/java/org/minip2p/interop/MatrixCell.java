package org.minip2p.interop;

/** A test of our node with a peer: what the {@link MatrixTable} shows of it. */
interface MatrixCell {
    Peers peer();

    /** Who dials. */
    String direction();

    /** What the peer has printed last: shown when the test fails. */
    String lastLines();
}
