package org.minip2p.host;

/**
 * How an explicit dial is to be made.
 *
 * @param condition when to dial at all
 * @param anyPeer whether an address without {@code /p2p} will do, so that whoever answers there is accepted
 */
public record DialOptions(DialCondition condition, boolean anyPeer) {
    /** Dials when the condition holds; the address must end in {@code /p2p}. */
    public static DialOptions when(DialCondition condition) {
        return new DialOptions(condition, false);
    }

    /** Dials whoever answers at an address; no identity is expected. */
    public static DialOptions toAnyPeer() {
        return new DialOptions(DialCondition.ALWAYS, true);
    }
}
