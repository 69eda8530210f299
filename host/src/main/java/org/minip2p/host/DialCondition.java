package org.minip2p.host;

/** When a dial is to be made, and when it is refused at once with {@link DialRefusedException}. */
public enum DialCondition {
    /** In any case. */
    ALWAYS,
    /** Unless a dial to this peer is under way. */
    NOT_DIALING,
    /** Unless a connection to this peer is established. */
    DISCONNECTED,
    /** Unless one is established or a dial is under way. */
    DISCONNECTED_AND_NOT_DIALING;

    /**
     * Whether it holds.
     *
     * @param connected whether a connection to the peer is established
     * @param dialing whether a dial to it is under way
     */
    public boolean allows(boolean connected, boolean dialing) {
        return switch (this) {
            case ALWAYS -> true;
            case NOT_DIALING -> !dialing;
            case DISCONNECTED -> !connected;
            case DISCONNECTED_AND_NOT_DIALING -> !connected && !dialing;
        };
    }
}
