package org.minip2p.core;

/** The peer proved to be another one than was dialed. */
public final class PeerIdMismatchException extends NoiseException {
    private static final long serialVersionUID = 1L;

    private final transient PeerId expected;
    private final transient PeerId actual;

    /**
     * Another peer answered.
     *
     * @param expected who was dialed
     * @param actual who proved to be there
     */
    public PeerIdMismatchException(PeerId expected, PeerId actual) {
        super("expected peer " + expected + ", found " + actual);
        this.expected = expected;
        this.actual = actual;
    }

    /** Who was dialed. */
    public PeerId expected() {
        return expected;
    }

    /** Who proved to be there. */
    public PeerId actual() {
        return actual;
    }
}
