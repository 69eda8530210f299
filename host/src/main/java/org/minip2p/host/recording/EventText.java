package org.minip2p.host.recording;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Printable;
import org.minip2p.core.Role;

/** The texts of events. None is longer than {@value Printable#MAX_CHARACTERS} characters and some, whatever a peer sent. */
final class EventText {
    private EventText() {}

    static String direction(Role role) {
        return role == Role.INITIATOR ? "outbound" : "inbound";
    }

    static String word(@Nullable Enum<?> value) {
        return value == null ? "" : value.name().toLowerCase(Locale.ROOT);
    }

    /** Address and port, never the name that stood for them. */
    static String address(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            return inet.getAddress().getHostAddress() + " " + inet.getPort();
        }
        return address == null ? "" : Printable.of(address.toString());
    }

    /** The message may hold what a peer sent. */
    static String error(@Nullable Throwable cause) {
        return cause == null ? "" : Printable.of(cause.toString());
    }
}
