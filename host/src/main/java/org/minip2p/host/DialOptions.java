package org.minip2p.host;

/**
 * Options of an explicit dial.
 *
 * @param condition when to dial at all
 * @param anyPeer whether an address without {@code /p2p} is allowed, so that any peer that answers there is accepted
 */
public record DialOptions(DialCondition condition, boolean anyPeer) {
    /**
     * Dials when the condition holds; the address must end in {@code /p2p}.
     *
     * @param condition when to dial
     * @return the options
     */
    public static DialOptions when(DialCondition condition) {
        return new DialOptions(condition, false);
    }

    /**
     * Accepts any peer that answers at the address; no identity is expected.
     *
     * @return the options
     */
    public static DialOptions toAnyPeer() {
        return new DialOptions(DialCondition.ALWAYS, true);
    }
}
