package org.minip2p.interop;

/** When two nodes dial each other, relative to a fork. */
enum ForkPhase {
    /** Around the fork, while nodes that follow it accept both networks. */
    INSIDE("inside the window"),
    /** After our window, when all clocks have passed the fork. */
    AFTER("after the window"),
    /** Before the fork, with a peer that never follows it. */
    STAYS("before the fork; the peer stays on the old network");

    private final String text;

    ForkPhase(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
