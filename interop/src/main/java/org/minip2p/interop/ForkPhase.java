package org.minip2p.interop;

/** When two nodes dial each other, as seen from a fork. */
enum ForkPhase {
    /** Around the fork, while nodes that follow it accept both networks. */
    INSIDE("inside the window"),
    /** When our window is over, which is when all others' forks are. */
    AFTER("after the window"),
    /** Before the fork, with a peer that never follows it. */
    STAYS("before the fork, the peer stays");

    private final String text;

    ForkPhase(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
