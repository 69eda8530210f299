package org.minip2p.handshake;

import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.NegotiationFailedException;
import org.minip2p.core.SessionClosedException;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.handshake.rule.Ending;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.StreamOpenTimeoutException;

/** Translates the end of one of our exchanges for the rule and for the application. */
final class Endings {
    private Endings() {}

    /** The ending of an exchange that failed with this exception on this connection. */
    // If a close is mistaken for a reset, it costs one try, and the next try finds out. If a reset is mistaken for a
    // close, an open connection is excluded. So only a certain close counts as one.
    static Ending of(Throwable failure, Connection connection) {
        if (failure instanceof HandshakeFailedException) {
            return Ending.REFUSED;
        }
        if (failure instanceof LocalFaultException) {
            return Ending.LOCAL_FAULT;
        }
        if (failure instanceof SessionClosedException || !connection.isOpen()) {
            return Ending.CONNECTION_CLOSED;
        }
        if (failure instanceof UnsupportedProtocolException) {
            return Ending.REFUSED;
        }
        if (failure instanceof TimeoutException) {
            return Ending.TIMEOUT;
        }
        return failure instanceof NegotiationFailedException
                        || failure instanceof StreamOpenTimeoutException
                        || failure instanceof ConnectionClosedException
                ? Ending.NEGOTIATION_FAILED
                : Ending.STREAM_RESET;
    }

    /** Why the peer is refused, when our exchange {@link Ending#isPermanent ended permanently}. */
    static FailureReason.Permanent refusal(Throwable failure) {
        return failure instanceof HandshakeFailedException refused
                ? refused.reason()
                : new FailureReason.ProtocolNotSupported();
    }

    /**
     * What is told.
     *
     * @param refusal why the peer is refused, if it is
     */
    static FailureReason reason(Ending ending, FailureReason.@Nullable Permanent refusal) {
        return switch (ending) {
            case CONNECTION_CLOSED -> new FailureReason.ConnectionClosed();
            case STREAM_RESET -> new FailureReason.StreamReset();
            case TIMEOUT -> new FailureReason.Timeout();
            case NEGOTIATION_FAILED -> new FailureReason.NegotiationFailed();
            case LOCAL_FAULT -> new FailureReason.LocalFault();
            case REFUSED -> Objects.requireNonNull(refusal);
        };
    }
}
