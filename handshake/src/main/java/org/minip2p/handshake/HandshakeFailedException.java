package org.minip2p.handshake;

import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;

/** The data that was read is refused. */
final class HandshakeFailedException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    private final transient FailureReason.Permanent reason;

    HandshakeFailedException(FailureReason.Permanent reason, @Nullable Throwable cause) {
        super(reason.toString(), cause);
        this.reason = reason;
    }

    HandshakeFailedException(FailureReason.Permanent reason) {
        this(reason, null);
    }

    FailureReason.Permanent reason() {
        return reason;
    }
}
