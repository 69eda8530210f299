package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.testing.FreePort;

/**
 * The transport tests of libp2p/unified-testing, with a fake Redis. The tests in interop/public-contract use a real
 * one.
 */
class UnifiedTransportTest {
    private static final String KEY = "a5b50d5e_listener_multiaddr";
    private static final String OTHER_PEER = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

    /** UNI-18 to UNI-22. */
    @Test
    void theDialerPrintsFourLinesAndNothingElse() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                Listening listener = Listening.with()) {
            redis.list.add(listener.address());

            Run dialer = Run.in(environment(redis.address(), "IS_DIALER", "true"), "interop-test");

            assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
            assertThat(String.join("\n", dialer.out()))
                    .matches(
                            "latency:\n {2}handshake_plus_one_rtt: \\d+\\.\\d{3}\n {2}ping_rtt: \\d+\\.\\d{3}\n {2}unit: ms");
            assertThat(number(dialer.out().get(1)))
                    .isGreaterThan(number(dialer.out().get(2)));
            assertThat(dialer.err()).isEmpty();
        }
    }

    private static double number(String line) {
        return Double.parseDouble(line.substring(line.indexOf(':') + 1));
    }

    /** UNI-19: also if the default locale has a decimal comma. */
    @Test
    void timesHaveADecimalPoint() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(TransportDialer.yaml(1234.5678, 0.9))
                    .isEqualTo("latency:\n  handshake_plus_one_rtt: 1234.568\n  ping_rtt: 0.900\n  unit: ms\n");
        } finally {
            Locale.setDefault(before);
        }
    }

    /** UNI-11 to UNI-13: the list has one element, even if an earlier test has left another one. */
    @Test
    void theListenerPassesOnItsAddressAlone() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            redis.list.add("/ip4/192.0.2.1/tcp/1/p2p/" + OTHER_PEER);
            try (RunningSide listener =
                    new RunningSide(environment(redis.address(), "IS_DIALER", "false"), "interop-test")) {
                assertThat(redis.commands.poll(15, TimeUnit.SECONDS)).isEqualTo("DEL " + KEY);
                assertThat(redis.commands.poll(15, TimeUnit.SECONDS))
                        .matches("RPUSH " + KEY + " /ip4/127\\.0\\.0\\.1/tcp/\\d+/p2p/12D3Koo\\w+");

                Run dialer = Run.in(environment(redis.address(), "IS_DIALER", "true"), "interop-test");

                assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
                assertThat(redis.commands.poll(15, TimeUnit.SECONDS)).matches("BLPOP " + KEY + " 1(7\\d|80)");
                assertThat(redis.list).isEmpty();
                assertThat(listener.isRunning()).isTrue();
            }
        }
    }

    /** UNI-24: the test ends when the first side ends, so the listener does not end by itself. */
    @Test
    void theListenerServesUntilItIsStopped() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                RunningSide listener = new RunningSide(
                        environment(redis.address(), "IS_DIALER", "false", "TEST_TIMEOUT_SECS", "6"), "interop-test")) {
            String address = redis.list.poll(15, TimeUnit.SECONDS);

            assertThat(listener.outlives(7)).isTrue();
            Run dialer = Run.of("dial", String.valueOf(address), "ping", "--count", "1");

            assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
            assertThat(listener.stop().out()).isEmpty();
        }
    }

    /** UNI-15. */
    @Test
    void waitsForARedisThatStartsLater() throws Exception {
        try (Listening listener = Listening.with()) {
            int port = FreePort.find();
            ServerSocket early = new ServerSocket(port, 8, InetAddress.getLoopbackAddress());
            RunningSide dialer = new RunningSide(environment("127.0.0.1:" + port, "IS_DIALER", "true"), "interop-test");
            early.accept().close(); // The dialer has tried to connect.
            early.close();

            try (FakeRedis redis = new FakeRedis(port)) {
                redis.list.add(listener.address());

                assertThat(dialer.ended().exitCode())
                        .as("%s", dialer.ended().err())
                        .isZero();
            }
        }
    }

    /** UNI-15, UNI-22. */
    @Test
    void failsWhenThereNeverIsARedis() throws Exception {
        int port = FreePort.find();

        assertFailed(
                Run.in(environment("127.0.0.1:" + port, "IS_DIALER", "true", "TEST_TIMEOUT_SECS", "1"), "interop-test"),
                "cannot connect to Redis at 127.0.0.1:" + port + " within 1 s");
    }

    /** UNI-14, UNI-22. */
    @Test
    void theDialerFailsWhenNoListenerPassesOnItsAddress() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            assertFailed(
                    Run.in(environment(redis.address(), "IS_DIALER", "true", "TEST_TIMEOUT_SECS", "6"), "interop-test"),
                    "no listener published an address within 6 s");
        }
    }

    /** UNI-11: there is a text under the key, as in the performance tests. */
    @Test
    void theDialerFailsWhenThereIsNoListUnderTheKey() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            redis.texts.put(KEY, "/ip4/127.0.0.1/tcp/1/p2p/" + OTHER_PEER);

            assertFailed(
                    Run.in(environment(redis.address(), "IS_DIALER", "true"), "interop-test"),
                    "minip2p: Redis error: WRONGTYPE");
        }
    }

    /** UNI-22. */
    @ParameterizedTest
    @CsvSource({
        "nonsense, the listener's address",
        "/ip4/127.0.0.1/tcp/1/p2p/nobody, the listener's address",
        "/ip4/127.0.0.1/tcp/1, expected one that ends in a peer id",
        "'', the listener's address",
        "/ip4/127.0.0.1/udp/1/p2p/" + OTHER_PEER + ", udp"
    })
    void theDialerFailsWhenTheAddressIsNone(String address, String message) throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            redis.list.add(address);

            assertFailed(Run.in(environment(redis.address(), "IS_DIALER", "true"), "interop-test"), message);
        }
    }

    /** UNI-18. */
    @Test
    void theDialerFailsWhenAnotherPeerIsThere() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                Listening listener = Listening.with()) {
            redis.list.add(Multiaddr.parse(listener.address())
                    .withPeerId(PeerId.parse(OTHER_PEER))
                    .toString());

            assertFailed(Run.in(environment(redis.address(), "IS_DIALER", "true"), "interop-test"), OTHER_PEER);
        }
    }

    private static void assertFailed(Run run, String message) {
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("minip2p: ")
                .contains(message);
    }

    private static Map<String, String> environment(String redis, String... more) {
        return Unified.environment(redis, more);
    }
}
