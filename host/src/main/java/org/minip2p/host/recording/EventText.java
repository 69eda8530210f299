package org.minip2p.host.recording;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Printable;
import org.minip2p.core.Role;

/** The texts of events. Each has at most about {@value Printable#MAX_CHARACTERS} characters, whatever a peer sent. */
final class EventText {
    private EventText() {}

    static String direction(Role role) {
        return role == Role.INITIATOR ? "outbound" : "inbound";
    }

    static String word(@Nullable Enum<?> value) {
        return value == null ? "" : value.name().toLowerCase(Locale.ROOT);
    }

    /** Address and port, never the host name. */
    static String address(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            return inet.getAddress().getHostAddress() + " " + inet.getPort();
        }
        return address == null ? "" : Printable.of(address.toString());
    }

    /** The message may contain text from a peer. */
    static String error(@Nullable Throwable cause) {
        return cause == null ? "" : Printable.of(cause.toString());
    }
}
