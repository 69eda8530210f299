package org.minip2p.core.testing;

/** A try that does not meet what its property assumes. */
final class Discarded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Discarded() {
        super("does not meet the assumption", null, false, false);
    }
}
