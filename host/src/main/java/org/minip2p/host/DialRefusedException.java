package org.minip2p.host;

import java.io.Serial;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerId;

/**
 * A dial was not started because its {@link DialCondition} did not hold. This is expected, and not a network failure.
 */
public final class DialRefusedException extends Libp2pException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final DialCondition condition;
    private final boolean connected;
    private final boolean dialing;

    /**
     * Creates the exception.
     *
     * @param peer the peer to dial
     * @param condition what the caller asked for
     * @param connected whether a connection was established
     * @param dialing whether a dial was pending
     */
    public DialRefusedException(PeerId peer, DialCondition condition, boolean connected, boolean dialing) {
        super("dial to " + peer + " refused: wanted " + condition + ", but connected=" + connected + " dialing="
                + dialing);
        this.condition = condition;
        this.connected = connected;
        this.dialing = dialing;
    }

    /** {@return what the caller asked for} */
    public DialCondition condition() {
        return condition;
    }

    /** {@return whether a connection was established} */
    public boolean connected() {
        return connected;
    }

    /** {@return whether a dial was pending} */
    public boolean dialing() {
        return dialing;
    }
}
