package org.minip2p.transport;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;

/** The zone of an address names no network interface of this machine. */
public final class UnknownZoneException extends TransportException {
    @Serial
    private static final long serialVersionUID = 1L;

    UnknownZoneException(Multiaddr address, String zone, @Nullable Throwable cause) {
        super(
                "unknown zone in " + address + ": expected the name or the number of an interface of this machine, got "
                        + zone,
                cause);
    }
}
