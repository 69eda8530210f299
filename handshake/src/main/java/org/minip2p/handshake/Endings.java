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

/** How an exchange of ours ended, for the rule, and what the application is told of that. */
final class Endings {
    private Endings() {}

    /** How an exchange that failed like this, on this connection, has ended. */
    // A close that is taken for a reset costs a try and is found out by the next one; a reset that is taken for a close
    // would bar a connection that lives. So only what is certain is a close.
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

    /** Why the peer is not for us, when ours {@link Ending#isPermanent ended for good}. */
    static FailureReason.Permanent refusal(Throwable failure) {
        return failure instanceof HandshakeFailedException refused
                ? refused.reason()
                : new FailureReason.ProtocolNotSupported();
    }

    /**
     * What is told.
     *
     * @param refusal why the peer is not for us, if it is not
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
