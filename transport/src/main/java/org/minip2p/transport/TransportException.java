package org.minip2p.transport;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** A socket could not be opened, bound or connected. The subclass says which. */
public abstract sealed class TransportException extends Libp2pException
        permits ConnectFailedException,
                ListenFailedException,
                NameNotResolvedException,
                UnknownZoneException,
                UnsupportedAddressException {
    @Serial
    private static final long serialVersionUID = 1L;

    TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
