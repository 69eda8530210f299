package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;

/** The message says what went wrong, even if the system's exception has no message. */
class TransportExceptionTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip6/::1/tcp/4001");
    private static final InetSocketAddress SOCKET = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);

    @Test
    void namesTheKindOfACauseWithoutAMessage() {
        for (Throwable silent : List.of(new ClosedChannelException(), new IOException(), new IOException(""))) {
            String kind = silent.getClass().getSimpleName();

            assertThat(new ListenFailedException(ADDRESS, silent))
                    .hasMessage("listen on /ip6/::1/tcp/4001: " + kind)
                    .hasCause(silent);
            assertThat(new ConnectFailedException(SOCKET, silent))
                    .hasMessageEndingWith(": " + kind)
                    .hasCause(silent);
        }
    }

    /** The exception that NIO throws if there is no IPv6. */
    @Test
    void saysThatThereAreNoAddressesOfAFamily() {
        UnsupportedAddressTypeException silent = new UnsupportedAddressTypeException();

        assertThat(new ListenFailedException(ADDRESS, silent)).hasMessageContaining("no addresses of that family");
        assertThat(new ConnectFailedException(SOCKET, silent)).hasMessageContaining("no addresses of that family");
    }

    /** Netty and the system append the address to their message. */
    @Test
    void namesTheAddressOnce() {
        ConnectException refused = new ConnectException("Connection refused: " + SOCKET);

        assertThat(new ConnectFailedException(SOCKET, refused))
                .hasMessage("connect to " + SOCKET + ": Connection refused")
                .hasCause(refused);
        assertThat(new ConnectFailedException(SOCKET, new ConnectException("Connection refused")))
                .hasMessage("connect to " + SOCKET + ": Connection refused");
    }

    /** SEC-H19. */
    @Test
    void escapesWhatATerminalWouldObey() {
        assertThat(new ListenFailedException(ADDRESS, new IOException("\u001b[2J\u202e")))
                .hasMessageEndingWith(": \\u001b[2J\\u202e");
    }
}
