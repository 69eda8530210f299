package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.transport.IoBackend;

/** The output of the dial commands for a peer that behaves correctly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DialTest {
    private final Listening listening;

    DialTest() throws InterruptedException {
        listening = Listening.with();
    }

    @BeforeAll
    void listens() {
        assertThat(listening.first()).containsEntry("event", "listening");
    }

    @AfterAll
    void stop() {
        listening.close();
    }

    @Test
    void measuresRoundTrips() {
        Run run = Run.of("dial", listening.address(), "ping", "--count", "20", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.result())
                .containsOnlyKeys("ok", "rttMicrosP50", "rttMicrosP99")
                .containsEntry("ok", true);
        assertThat(run.result().get("rttMicrosP50"))
                .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring", "kqueue", "auto"})
    void dialsWithEachKindOfIoThatIsThere(String io) {
        Run run = Run.of("dial", listening.address(), "echo", "--size", "300000", "--io", io, "--json");

        Optional<String> missing = IoBackend.unavailability(io);
        if (missing.isEmpty()) {
            assertThat(run.err()).isEmpty();
            assertThat(run.result()).containsEntry("ok", true).containsEntry("bytes", 300_000);
        } else {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).singleElement().asString().contains(missing.get());
        }
    }

    @Test
    void dialsWhoeverIsAtAnAddressWithoutAPeerId() {
        String address = listening.address();
        String withoutPeer = address.substring(0, address.indexOf("/p2p/"));

        Run run = Run.of("dial", withoutPeer, "ping", "--count", "1");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).first().asString().contains(peerId());
    }

    @Test
    void echoesOnOneStream() {
        Run run = Run.of("dial", listening.address(), "echo", "--size", "3000000", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.result()).containsOnlyKeys("ok", "bytes", "sha256").containsEntry("bytes", 3_000_000);
        assertThat(run.result().get("sha256")).asString().matches("[0-9a-f]{64}");
    }

    @Test
    void echoesOnManyStreamsAtOnce() {
        Run run = Run.of("dial", listening.address(), "echo", "--size", "100KiB", "--streams", "40", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.result()).containsEntry("ok", true).containsEntry("bytes", 40 * 100 * 1024);
    }

    @Test
    void echoesNothingAtAll() {
        Run run = Run.of("dial", listening.address(), "echo", "--size", "0", "--json");

        // This is the SHA-256 of an empty input.
        assertThat(run.result())
                .containsEntry("bytes", 0)
                .containsEntry("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void measuresThroughputBothWays() {
        Run run = Run.of("dial", listening.address(), "perf", "--upload", "2MiB", "--download", "1MiB", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.result()).containsOnlyKeys("ok", "uploadMibPerSecond", "downloadMibPerSecond");
        assertThat(run.result().get("uploadMibPerSecond"))
                .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
                .isPositive();
    }

    @Test
    void asksThePeerWhoItIs() {
        Run run = Run.of("dial", listening.address(), "identify", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.result())
                .containsOnlyKeys("ok", "agentVersion", "protocols", "listenAddresses")
                .containsEntry("agentVersion", Version.agent());
        assertThat(list(run, "protocols")).contains("/ipfs/ping/1.0.0", "/echo/1.0.0", "/perf/1.0.0");
        assertThat(list(run, "listenAddresses")).isNotEmpty();
    }

    @Test
    void speaksToPeopleInATable() {
        Run run = Run.of("dial", listening.address(), "echo", "--size", "10");

        assertThat(run.exitCode()).isZero();
        assertThat(String.join("\n", run.out())).contains(peerId(), "10, all as they were sent", "sha256");
    }

    @Test
    void takesOptionsOfTheHostBeforeAndAfterTheSubcommand() {
        Run before = Run.of("dial", "--host-config", "pipelining=false", listening.address(), "ping", "--count", "1");
        Run after = Run.of(
                "dial", listening.address(), "ping", "--count", "1", "--host-config", "earlyMuxerNegotiation=false");

        assertThat(before.exitCode()).isZero();
        assertThat(after.exitCode()).isZero();
    }

    private String peerId() {
        return Objects.toString(listening.first().get("peerId"));
    }

    private static List<Object> list(Run run, String key) {
        return List.copyOf((List<?>) Objects.requireNonNull(run.result().get(key)));
    }
}
