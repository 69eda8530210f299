package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The work of the peers that the benchmarks compare. Each peer works with itself, in the shortest rounds that there
 * are.
 */
class PeerWorkIT {
    private static final String KINDS = "streams, streams-64, connections, ping-pong, bulk";
    private static final String[] SHORT = {"--warm-up", "0", "--rounds", "2", "--seconds", "1"};

    static Stream<Arguments> work() {
        return Arrays.stream(Peers.values())
                .flatMap(peer -> Arrays.stream(KINDS.split(", ")).map(kind -> Arguments.of(peer, kind)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("work")
    void worksInOneProcess(Peers peer, String kind) {
        Built.assume(peer);

        assertIsResult(kind, peer.work(options(kind)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("work")
    void worksInTwoProcesses(Peers peer, String kind) {
        Built.assume(peer);
        try (PeerProcess listener = peer.listen("--kind", kind)) {
            String address = listener.awaitListening().texts("addresses").get(0);

            assertIsResult(kind, peer.dial(address, "work", options(kind)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesTheKindsInsteadOfAnUnknownOne(Peers peer) {
        Built.assume(peer);
        for (JsonLine result : List.of(
                peer.work("--kind", "nothing"),
                peer.dial("/ip4/127.0.0.1/tcp/1", "work", "--kind", "nothing"),
                peer.work())) {
            assertThat(result.ok()).as("%s", result).isFalse();
            assertThat(result.text("reason")).isEqualTo("unknown-kind");
            assertThat(result.text("error")).contains(KINDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesRoundsThatAreNone(Peers peer) {
        Built.assume(peer);
        for (String option : List.of("--rounds", "--seconds")) {
            JsonLine result = peer.work("--kind", "streams", option, "0");

            assertThat(result.ok()).as("%s", result).isFalse();
            assertThat(result.text("error")).contains("at least 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsWithOneWhenItFails(Peers peer) {
        Built.assume(peer);
        try (PeerProcess process = peer.startWork("--kind", "nothing")) {
            assertThat(process.awaitResult(Peers.OPERATION).ok()).isFalse();
            assertThat(process.awaitExit(Peers.OPERATION)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsTimeLimit(Peers peer) {
        Built.assume(peer);

        JsonLine result = peer.work("--kind", "ping-pong", "--timeout", "1");

        assertThat(result.ok()).as("%s", result).isFalse();
        assertThat(result.text("reason")).isEqualTo("timeout");
    }

    private static String[] options(String kind) {
        return Stream.concat(Stream.of("--kind", kind), Stream.of(SHORT)).toArray(String[]::new);
    }

    private static void assertIsResult(String kind, JsonLine result) {
        assertThat(result.ok()).as("%s", result).isTrue();
        assertThat(result.text("kind")).isEqualTo(kind);
        assertThat(result.text("unit")).isEqualTo(unit(kind));
        assertThat(result.decimal("median")).isPositive();
        assertThat(result.texts("rounds"))
                .hasSize(2)
                .contains(String.valueOf(result.members().get("median")));
    }

    private static String unit(String kind) {
        return switch (kind) {
            case "ping-pong" -> "µs";
            case "bulk" -> "MiB/s";
            default -> "1/s";
        };
    }
}
