package org.minip2p.transport;

import java.io.Serial;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import org.minip2p.core.Printable;

/** The remote address refused, did not answer in time, or cannot be reached. */
public final class ConnectFailedException extends TransportException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param remote the remote address
     * @param cause the error of the operating system
     */
    public ConnectFailedException(InetSocketAddress remote, Throwable cause) {
        super("connect to " + remote + ": " + reason(remote, cause), cause);
    }

    private static String reason(InetSocketAddress remote, Throwable cause) {
        if (cause instanceof UnsupportedAddressTypeException) {
            return "this machine has no addresses of that family";
        }
        String message = Printable.message(cause);
        String suffix = ": " + remote; // Netty appends it
        return message.endsWith(suffix) && message.length() > suffix.length()
                ? message.substring(0, message.length() - suffix.length())
                : message;
    }
}
