package org.minip2p.handshake.rule;

/**
 * What an end says and accepts by its own clock, which has four phases: before the window, in the window before the fork, in the window
 * after the fork, after the window.
 */
enum Networks {
    /** Says the network of the moment, accepts both inside the window: ours, and ssv's. */
    WINDOW,
    /** Says the network of the moment and accepts it alone: Anchor's. */
    STRICT,
    /** Reads what it says once, before the fork. Ours without a clause. */
    SAYS_THE_FIRST,
    /** Judges a response by what it accepted when it asked. Ours without a clause. */
    ACCEPTS_AS_ASKED;

    static final int PHASES = 4;

    /** Whether what is said in this phase is the new network. */
    boolean saysNew(int phase) {
        return this != SAYS_THE_FIRST && phase >= 2;
    }

    /**
     * Whether a network is accepted.
     *
     * @param isNew whether it is the new one
     * @param phase of the clock when it is read
     * @param asked phase of the clock when the exchange was started
     */
    boolean accepts(boolean isNew, int phase, int asked) {
        return switch (this) {
            case STRICT -> isNew == phase >= 2;
            case ACCEPTS_AS_ASKED -> isInWindow(isNew, asked);
            case WINDOW, SAYS_THE_FIRST -> isInWindow(isNew, phase);
        };
    }

    private static boolean isInWindow(boolean isNew, int phase) {
        return isNew ? phase > 0 : phase < PHASES - 1;
    }
}
