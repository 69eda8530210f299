package org.minip2p.handshake.rule;

/**
 * The network that an end names, and the networks that it accepts. Both depend on its own clock, which has four phases:
 * before the window, in the window before the fork, in the window after the fork, and after the window.
 */
enum Networks {
    /** Names the current network, and accepts both inside the window. Our rule and ssv's. */
    WINDOW,
    /** Names the current network and accepts only that. Anchor's rule. */
    STRICT,
    /** Always names the network before the fork, since it reads its own info only once. Our rule without a clause. */
    SAYS_THE_FIRST,
    /** Checks a response against the networks that it accepted when it asked. Our rule without a clause. */
    ACCEPTS_AS_ASKED;

    static final int PHASES = 4;

    /** Whether the end names the new network in this phase. */
    boolean saysNew(int phase) {
        return this != SAYS_THE_FIRST && phase >= 2;
    }

    /**
     * Whether the end accepts a network.
     *
     * @param isNew whether it is the new network
     * @param phase the phase of the clock when the network is read
     * @param asked the phase of the clock when the exchange was started
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
