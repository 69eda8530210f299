package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;

class ListenCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void saysFirstWhoItIsAndWhereItListens() throws Exception {
        Path key = folder.resolve("key");
        Object peerId =
                Run.of("key", "--out", key.toString(), "--json").result().get("peerId");

        try (Listening listening = Listening.with("--key", key.toString())) {
            assertThat(listening.first())
                    .containsOnlyKeys("event", "peerId", "addresses")
                    .containsEntry("event", "listening")
                    .containsEntry("peerId", peerId);
            assertThat(listening.address()).startsWith("/ip4/127.0.0.1/tcp/").endsWith("/p2p/" + peerId);
        }
    }

    @Test
    void tellsOfConnectionsThatComeAndGo() throws Exception {
        try (Listening listening = Listening.with()) {
            Run.of("dial", listening.address(), "ping", "--count", "1");

            var connected = listening.next("connected");
            var disconnected = listening.next("disconnected");

            assertThat(connected)
                    .containsKeys("peerId", "connection", "address")
                    .containsEntry("dialed", false);
            assertThat(disconnected)
                    .containsEntry("peerId", connected.get("peerId"))
                    .containsEntry("connection", connected.get("connection"))
                    .containsEntry("reason", "REMOTE");
        }
    }

    /** Most operations of the dial command do not speak the handshake, and they may take long. */
    @Test
    void keepsThePeerThatDoesNotSpeakTheHandshake() throws Exception {
        try (Listening listening = Listening.with();
                Host host = Host.builder().start().join()) {
            Connection connection =
                    host.dial(Multiaddr.parse(listening.address())).get(10, TimeUnit.SECONDS);

            assertThat(listening.next("handshake"))
                    .containsEntry("outcome", "failed")
                    .containsEntry("reason", "ProtocolNotSupported");

            assertThat(connection.ping().get(10, TimeUnit.SECONDS)).isPositive();
            assertThat(host.connections()).containsExactly(connection);
        }
    }

    @Test
    void closesItsConnectionsWhenItIsStopped() throws Exception {
        try (Listening first = Listening.with()) {
            int exitCode = first.stop();

            assertThat(exitCode).isZero();
            assertThat(first.next("stopped")).containsOnlyKeys("event");
            assertThat(Run.of("dial", first.address(), "ping").exitCode()).isEqualTo(1);
        }
    }

    @Test
    void saysThatThePortIsInUse() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "/ip4/127.0.0.1/tcp/" + socket.getLocalPort();

            Run run = Run.of("listen", "--listen", address, "--json");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).hasSize(1);
            assertThat(run.err()).singleElement().asString().contains(address, "in use");
            assertThat(run.result()).containsOnlyKeys("ok", "error");
        }
    }

    @Test
    void servesPerfToOthersThanThisMachineOnlyOnRequest() throws Exception {
        assertThat(protocolsOf("--listen", "/ip4/0.0.0.0/tcp/0")).doesNotContain("/perf/1.0.0");
        assertThat(protocolsOf("--listen", "/ip4/0.0.0.0/tcp/0", "--perf")).contains("/perf/1.0.0");
        assertThat(protocolsOf("--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip4/0.0.0.0/tcp/0"))
                .doesNotContain("/perf/1.0.0");
    }

    private static List<Object> protocolsOf(String... options) throws InterruptedException {
        try (Listening listening = Listening.with(options)) {
            Run run = Run.of("dial", listening.address(), "identify", "--json");
            assertThat(run.err()).isEmpty();
            return List.copyOf((List<?>) Objects.requireNonNull(run.result().get("protocols")));
        }
    }
}
