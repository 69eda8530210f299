package org.minip2p.handshake;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** A payload that is no node info (NIF-10, NIF-11). */
public final class InvalidNodeInfoException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    InvalidNodeInfoException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    InvalidNodeInfoException(String message) {
        this(message, null);
    }
}
