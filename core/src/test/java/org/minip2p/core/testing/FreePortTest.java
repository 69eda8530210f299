package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.io.Closeable;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FreePortTest {
    /** Takes the next port at one address. */
    @FunctionalInterface
    interface Taker {
        Closeable take(int port) throws Exception;
    }

    static Stream<Taker> takers() {
        return Stream.of(
                port -> new ServerSocket(port, 1, NetUtil.LOCALHOST4),
                port -> new ServerSocket(port, 1, NetUtil.LOCALHOST6),
                port -> new DatagramSocket(port, NetUtil.LOCALHOST4),
                port -> new DatagramSocket(port, NetUtil.LOCALHOST6));
    }

    @ParameterizedTest
    @MethodSource("takers")
    void passesOverAPortThatIsInUseAtOneAddress(Taker taker) throws Exception {
        int before = FreePort.find();
        int taken = before + 1;
        try (Closeable socket = taker.take(taken)) {
            assertThat(socket).isNotNull();
            int found = FreePort.find();

            assertThat(found).isNotEqualTo(before).isNotEqualTo(taken).isBetween(10_000, 29_999);
            new ServerSocket(found).close();
        }
    }
}
