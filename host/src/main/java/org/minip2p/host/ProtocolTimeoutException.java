package org.minip2p.host;

import java.time.Duration;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.ProtocolId;

/** The peer did not complete its part of an exchange in time. The stream is reset, the connection stays. */
public final class ProtocolTimeoutException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param protocol the protocol
     * @param limit the time that the peer had
     */
    public ProtocolTimeoutException(ProtocolId protocol, Duration limit) {
        super(protocol + ": expected the peer to go on within " + limit.toMillis() + " ms");
    }
}
