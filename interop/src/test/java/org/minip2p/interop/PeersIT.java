package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The foreign peers among themselves. A failure here is no fault of ours, and a matrix cell with these peers would
 * prove nothing.
 */
class PeersIT {

    private static final Duration TOLD = Duration.ofSeconds(10);
    private static final String OTHER_NETWORK = "0x00000001";

    private static final Listeners LISTENERS = new Listeners();

    static Stream<Arguments> pairs() {
        return Arrays.stream(Peers.values())
                .flatMap(dialer -> Arrays.stream(Peers.values()).map(listener -> Arguments.of(dialer, listener)));
    }

    @BeforeAll
    static void sayWhatIsMissing() {
        Arrays.stream(Peers.values())
                .filter(peer -> !peer.isBuilt())
                .forEach(peer -> System.err.println("skipped: " + peer.whatIsMissing()));
    }

    @AfterAll
    static void stopListeners() {
        LISTENERS.close();
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void pings(Peers dialer, Peers listener) {
        JsonLine result = dialer.dial(listenerFor(dialer, listener).address(), "ping", "--count", "3");

        assertThat(result.ok()).as("%s", result).isTrue();
        assertThat(result.number("rttMicrosP50")).isPositive();
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void echoesOneByte(Peers dialer, Peers listener) {
        JsonLine result = dialer.dial(listenerFor(dialer, listener).address(), "echo", "--size", "1");

        assertThat(result.ok()).as("%s", result).isTrue();
        assertThat(result.number("bytes")).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void echoesFiveMebibytesUnchanged(Peers dialer, Peers listener) {
        JsonLine result = dialer.dial(listenerFor(dialer, listener).address(), "echo", "--size", "5242880");

        assertThat(result.ok()).as("%s", result).isTrue();
        assertThat(result.number("bytes")).isEqualTo(5_242_880);
        assertThat(result.text("sha256")).hasSize(64);
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void answersAfterTheHalfClose(Peers dialer, Peers listener) {
        JsonLine result = dialer.dial(listenerFor(dialer, listener).address(), "half", "--size", "100000");

        assertThat(result.ok()).as("%s", result).isTrue();
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void identifies(Peers dialer, Peers listener) {
        String address = listenerFor(dialer, listener).address();

        JsonLine result = dialer.dial(address, "identify");

        assertThat(result.ok()).as("%s", result).isTrue();
        assertThat(result.text("agentVersion")).startsWith(listener.implementation() + "/");
        assertThat(result.texts("protocols")).contains("/ipfs/ping/1.0.0", "/ipfs/id/1.0.0", "/echo/1.0.0");
        assertThat(result.texts("listenAddresses"))
                .as("addresses without the peer id")
                .contains(address.substring(0, address.indexOf("/p2p/")));
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void agreesOnTheNetwork(Peers dialer, Peers listener) {
        RunningListener running = listenerFor(dialer, listener);

        JsonLine result = dialer.dial(running.address(), "handshake");
        JsonLine told = running.process().awaitEvent("handshake", TOLD);

        assertThat(result.ok()).as("%s", result).isTrue();
        assertThat(result.text("networkId")).isEqualTo("0x00000502");
        assertThat(result.object("metadata").text("NodeVersion")).isEqualTo(listener.implementation() + "-peer");
        assertThat(told.ok()).as("%s", told).isTrue();
        assertThat(told.object("metadata").text("NodeVersion")).isEqualTo(dialer.implementation() + "-peer");
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void tellsBothSidesOfAnotherNetwork(Peers dialer, Peers listener) {
        RunningListener running = listenerFor(dialer, listener);

        JsonLine result = dialer.dial(running.address(), "handshake", "--network-id", OTHER_NETWORK);
        JsonLine told = running.process().awaitEvent("handshake", TOLD);

        assertThat(result.ok()).as("%s", result).isFalse();
        assertThat(result.text("reason")).isEqualTo("network-mismatch");
        assertThat(told.ok()).as("%s", told).isFalse();
        assertThat(told.text("reason")).isEqualTo("network-mismatch");
        assertThat(told.text("networkId")).isEqualTo(OTHER_NETWORK);
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void refusesAnEnvelopeOfAnotherKey(Peers dialer, Peers listener) {
        RunningListener running = listenerFor(dialer, listener);

        JsonLine result = dialer.dial(running.address(), "handshake", "--wrong-signer");
        JsonLine told = running.process().awaitEvent("handshake", TOLD);

        assertThat(result.ok()).as("%s", result).isFalse();
        assertThat(result.text("reason")).isIn("reset", "no-answer");
        assertThat(told.text("reason")).isEqualTo("wrong-signer");
    }

    /** One listener serves all tests. Skips the test if one of the peers is not built. */
    private static RunningListener listenerFor(Peers dialer, Peers listener) {
        Built.assume(dialer);
        return LISTENERS.get(listener);
    }
}
