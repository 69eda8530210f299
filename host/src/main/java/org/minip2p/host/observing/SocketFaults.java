package org.minip2p.host.observing;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.PeerIdMismatchException;
import org.minip2p.host.ConnectionDeniedException;
import org.minip2p.host.HostClosedException;
import org.minip2p.host.HostObservation.SocketFault;
import org.minip2p.host.UpgradeFailedException;
import org.minip2p.transport.ConnectFailedException;
import org.minip2p.transport.TransportException;

/** Classifies the failures of sockets. */
final class SocketFaults {
    private SocketFaults() {}

    static SocketFault of(Throwable cause) {
        if (cause instanceof ConnectionDeniedException denied) {
            return denied.isNotNeeded() ? SocketFault.CANCELLED : SocketFault.DENIED;
        }
        if (cause instanceof UpgradeFailedException upgrade) {
            return upgrade.isTimeout() ? SocketFault.TIMEOUT : SocketFault.ENDED;
        }
        if (cause instanceof HostClosedException) {
            return SocketFault.HOST_CLOSED;
        }
        if (cause instanceof ConnectFailedException connect) {
            return isRefused(connect.getCause()) ? SocketFault.REFUSED : SocketFault.UNREACHABLE;
        }
        if (cause instanceof TransportException) {
            return SocketFault.ADDRESS;
        }
        if (cause instanceof PeerIdMismatchException) {
            return SocketFault.WRONG_PEER;
        }
        if (cause instanceof Libp2pException) {
            return SocketFault.PROTOCOL;
        }
        return cause instanceof IOException ? SocketFault.ENDED : SocketFault.OTHER;
    }

    /** The JDK and Netty have one exception type for all connect failures; the text comes from the system. */
    private static boolean isRefused(@Nullable Throwable cause) {
        return cause instanceof ConnectException
                && cause.getMessage() != null
                && cause.getMessage().toLowerCase(Locale.ROOT).contains("refused");
    }
}
