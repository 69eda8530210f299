package org.minip2p.host;

/** When to dial, and when to refuse at once with {@link DialRefusedException}. */
public enum DialCondition {
    /** Always dial. */
    ALWAYS,
    /** Unless a dial to this peer is pending. */
    NOT_DIALING,
    /** Unless a connection to this peer is established. */
    DISCONNECTED,
    /** Unless one is established or a dial is pending. */
    DISCONNECTED_AND_NOT_DIALING;

    /**
     * {@return whether it holds}
     *
     * @param connected whether a connection to the peer is established
     * @param dialing whether a dial to it is pending
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
