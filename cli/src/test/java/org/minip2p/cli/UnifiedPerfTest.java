package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The performance tests of libp2p/unified-testing, with a fake Redis. The tests in interop/public-contract use a real
 * one.
 */
class UnifiedPerfTest {
    private static final String KEY = "a5b50d5e_listener_multiaddr";

    private static final String SECTION =
            ":\n {2}iterations: %d\n {2}min: %2$s\n {2}q1: %2$s\n {2}median: %2$s\n {2}q3: %2$s"
                    + "\n {2}max: %2$s\n {2}outliers: \\[(%2$s(, %2$s)*)?]\n {2}samples: \\[%2$s(, %2$s)*]\n {2}unit: ";

    /** UNI-29, UNI-31, UNI-34 to UNI-36: both sides are ours. The listener serves one dialer after the other. */
    @Test
    void measuresAndPrintsThreeSections() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            redis.list.add("left by another test");
            try (RunningSide listener = new RunningSide(
                    Unified.environment(redis.address(), "IS_DIALER", "false"), "interop-test", "--perf")) {
                assertThat(redis.commands.poll(15, TimeUnit.SECONDS))
                        .matches("SET " + KEY + " /ip4/127\\.0\\.0\\.1/tcp/\\d+/p2p/12D3Koo\\w+");
                for (int dialers = 0; dialers < 2; dialers++) {
                    Run dialer = perf(redis, "UPLOAD_BYTES", "1000000", "DOWNLOAD_BYTES", "1000000");

                    assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
                    String gbps = "\\d+\\.\\d{2}";
                    String millis = "\\d+\\.\\d{3}";
                    assertThat(String.join("\n", dialer.out()))
                            .matches("upload" + SECTION.formatted(2, gbps) + "Gbps\ndownload"
                                    + SECTION.formatted(3, gbps) + "Gbps\nlatency" + SECTION.formatted(4, millis)
                                    + "ms");
                    assertThat(dialer.err()).isEmpty();
                }
                assertThat(listener.isRunning()).isTrue();
            }
        }
    }

    /** UNI-31. */
    @Test
    void makesOneExchangeAfterTheOtherOnOneConnection() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                PerfServer server = new PerfServer(PerfServer.Form.EIGHT_BYTES, Integer.MAX_VALUE)) {
            redis.texts.put(KEY, server.address());

            Run dialer = perf(redis, "UPLOAD_BYTES", "70000", "DOWNLOAD_BYTES", "5");

            assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
            List<PerfServer.Exchange> exchanges = List.copyOf(server.exchanges);
            String connection = exchanges.get(0).connection();
            List<PerfServer.Exchange> expected = new ArrayList<>();
            expected.addAll(Collections.nCopies(2, new PerfServer.Exchange(connection, 70_000, 0)));
            expected.addAll(Collections.nCopies(3, new PerfServer.Exchange(connection, 0, 5)));
            expected.addAll(Collections.nCopies(4, new PerfServer.Exchange(connection, 1, 1)));
            assertThat(exchanges).isEqualTo(expected);
        }
    }

    /** UNI-39. */
    @Test
    void failsAtTheFirstExchangeThatFails() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                PerfServer server = new PerfServer(PerfServer.Form.EIGHT_BYTES, 4)) {
            redis.texts.put(KEY, server.address());

            Run dialer = perf(redis, "UPLOAD_BYTES", "10", "DOWNLOAD_BYTES", "5");

            assertFailed(dialer, "download 2 of 3: expected 5 bytes");
            assertThat(server.exchanges).hasSize(4);
        }
    }

    /** UNI-33: a listener that uses the other form leads to a failure, not to figures. */
    @Test
    void failsWithAListenerOfTheOtherForm() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                PerfServer server = new PerfServer(PerfServer.Form.SIXTEEN_BYTES, Integer.MAX_VALUE)) {
            redis.texts.put(KEY, server.address());

            assertFailed(perf(redis, "UPLOAD_BYTES", "100", "DOWNLOAD_BYTES", "5"), " of ");
            assertFailed(perf(redis, "UPLOAD_BYTES", "10000000", "DOWNLOAD_BYTES", "5"), "upload 1 of 2");
        }
    }

    /** UNI-29: there is a list under the key, as in the transport tests. */
    @Test
    void failsWhenThereIsNoTextUnderTheKey() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            redis.list.add("/ip4/127.0.0.1/tcp/1");

            assertFailed(perf(redis), "minip2p: Redis error: WRONGTYPE");
        }
    }

    /** UNI-29: the dialer asks for the address again and again. */
    @Test
    void waitsForAnAddressThatComesLater() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                PerfServer server = new PerfServer(PerfServer.Form.EIGHT_BYTES, Integer.MAX_VALUE)) {
            RunningSide dialer = new RunningSide(small(redis), "interop-test", "--perf");
            assertThat(redis.commands.poll(15, TimeUnit.SECONDS)).isEqualTo("GET " + KEY);
            assertThat(redis.commands.poll(15, TimeUnit.SECONDS)).isEqualTo("GET " + KEY);

            redis.texts.put(KEY, server.address());

            assertThat(dialer.ended().exitCode()).as("%s", dialer.ended().err()).isZero();
        }
    }

    @Test
    void failsWhenNoListenerPassesOnItsAddress() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            assertFailed(perf(redis, "TEST_TIMEOUT_SECS", "6"), "no listener published an address within 6 s");
        }
    }

    /** UNI-27. */
    @Test
    void refusesAWrongNumberBeforeAnythingElse() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            assertFailed(
                    perf(redis, "DOWNLOAD_BYTES", "much"), "DOWNLOAD_BYTES=much is not valid; expected a whole number");
            assertThat(redis.commands).isEmpty();
        }
    }

    /** The performance tests of the old contract use no environment variables. */
    @Test
    void refusesTheOldContract() {
        Map<String, String> old =
                Map.of("is_dialer", "true", "transport", "tcp", "security", "noise", "muxer", "yamux");

        assertFailed(
                Run.in(old, "interop-test", "--perf"),
                "expected the environment variables of libp2p/unified-testing for --perf");
    }

    /** UNI-32. */
    @Test
    void countsGigabitsInASecond() {
        Offset<Double> rounding = Offset.offset(1e-9);
        assertThat(PerfDialer.gbps(1_000_000_000, 1_000_000_000)).isCloseTo(8, rounding);
        assertThat(PerfDialer.gbps(3, 2)).isCloseTo(12, rounding);
        assertThat(PerfDialer.gbps(0, 5)).isZero();
        assertThat(PerfDialer.gbps(-1, 1_000_000_000)).isCloseTo(147_573_952_589.7, Offset.offset(0.1));
    }

    private static Run perf(FakeRedis redis, String... more) {
        Map<String, String> environment = small(redis);
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return Run.in(environment, "interop-test", "--perf");
    }

    private static Map<String, String> small(FakeRedis redis) {
        return new TreeMap<>(Unified.environment(
                redis.address(),
                "IS_DIALER",
                "true",
                "UPLOAD_BYTES",
                "1",
                "DOWNLOAD_BYTES",
                "1",
                "UPLOAD_ITERATIONS",
                "2",
                "DOWNLOAD_ITERATIONS",
                "3",
                "LATENCY_ITERATIONS",
                "4"));
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
}
