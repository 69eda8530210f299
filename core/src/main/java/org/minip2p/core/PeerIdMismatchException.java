package org.minip2p.core;

/** A different peer answered than the one that was dialed. */
public final class PeerIdMismatchException extends NoiseException {
    private static final long serialVersionUID = 1L;

    private final transient PeerId expected;
    private final transient PeerId actual;

    /**
     * Creates the exception.
     *
     * @param expected the dialed peer
     * @param actual the peer that proved its identity
     */
    public PeerIdMismatchException(PeerId expected, PeerId actual) {
        super("expected peer " + expected + ", found " + actual);
        this.expected = expected;
        this.actual = actual;
    }

    /** {@return the dialed peer} */
    public PeerId expected() {
        return expected;
    }

    /** {@return the peer that proved its identity} */
    public PeerId actual() {
        return actual;
    }
}
