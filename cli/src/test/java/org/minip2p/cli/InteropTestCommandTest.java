package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.testing.FreePort;

/** The contract of the public transport tests (IOP-1 to IOP-19), with a fake Redis. */
class InteropTestCommandTest {
    private static final Map<String, String> TCP_NOISE_YAMUX =
            Map.of("transport", "tcp", "security", "noise", "muxer", "yamux", "ip", "0.0.0.0");

    /** IOP-9, IOP-11 to IOP-18. */
    @Test
    void theDialerPrintsBothTimesAsOneJsonObjectAndNothingElse() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                Listening listener = Listening.with()) {
            redis.list.add(listener.address());

            Run dialer = run(redis.address(), Map.of("is_dialer", "true"));

            assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
            assertThat(dialer.out()).hasSize(1);
            Map<String, ?> times = dialer.result();
            assertThat(times).containsOnlyKeys("handshakePlusOneRTTMillis", "pingRTTMilllis");
            assertThat((Double) times.get("pingRTTMilllis")).isPositive();
            assertThat((Double) times.get("handshakePlusOneRTTMillis"))
                    .isGreaterThan((Double) times.get("pingRTTMilllis"));
        }
    }

    /** IOP-7, IOP-11, IOP-13, IOP-18, IOP-19. */
    @Test
    void theListenerPassesOnAnAddressAndFailsWhenItsTimeIsOver() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            CompletableFuture<Run> listener = CompletableFuture.supplyAsync(
                    () -> run(redis.address(), Map.of("is_dialer", "false", "test_timeout_seconds", "10")));

            String address = redis.list.poll(15, TimeUnit.SECONDS);
            assertThat(address).isNotNull().matches("/ip4/[0-9.]+/tcp/[0-9]+/p2p/12D3Koo\\w+");
            Run dialer = Run.of("dial", address, "ping", "--count", "1");

            assertThat(dialer.exitCode()).as("%s", dialer.err()).isZero();
            Run ended = listener.get(15, TimeUnit.SECONDS);
            assertThat(ended.exitCode()).isNotZero();
            assertThat(ended.out()).isEmpty();
        }
    }

    /** IOP-11. */
    @Test
    void anAddressThatOthersCanDialIsPreferred() {
        assertThat(dialable("/ip4/127.0.0.1/tcp/1", "/ip6/2001:db8::1/tcp/1", "/ip4/192.0.2.7/tcp/1"))
                .isEqualTo("/ip4/192.0.2.7/tcp/1");
        assertThat(dialable("/ip6/::1/tcp/1", "/ip4/127.0.0.1/tcp/1")).isEqualTo("/ip4/127.0.0.1/tcp/1");
        assertThat(dialable("/ip6/2001:db8::1/tcp/1")).isEqualTo("/ip6/2001:db8::1/tcp/1");
    }

    private static String dialable(String... addresses) {
        return InteropListener.dialable(
                        List.of(addresses).stream().map(Multiaddr::parse).toList())
                .toString();
    }

    /** IOP-1 to IOP-3, IOP-17. */
    @ParameterizedTest
    @CsvSource({
        "transport, quic-v1",
        "security, tls",
        "muxer, mplex",
        "test_timeout_seconds, soon",
        "redis_addr, here:x"
    })
    void refusesWhatItDoesNotSpeak(String name, String value) {
        Run refused = run("127.0.0.1:1", Map.of("is_dialer", "true", name, value));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).hasSize(1).first().asString().contains(name).contains(value.replace("here:", ""));
    }

    @Test
    void refusesAnEnvironmentThatSaysNothing() {
        Run refused = run("127.0.0.1:1", Map.of("transport", ""));

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).hasSize(1).first().asString().contains("transport is empty; expected tcp");
    }

    /** IOP-12, IOP-17. */
    @Test
    void theDialerFailsWhenNoListenerPassesOnItsAddress() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            Run dialer = run(redis.address(), Map.of("is_dialer", "true", "test_timeout_seconds", "5"));

            assertThat(dialer.exitCode()).isNotZero();
            assertThat(dialer.out()).isEmpty();
            assertThat(dialer.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("no listener published an address within 5 s");
        }
    }

    /** IOP-17. */
    @Test
    void theDialerFailsWhenTheAddressIsNone() throws Exception {
        try (FakeRedis redis = new FakeRedis()) {
            redis.list.add("not an address");

            Run dialer = run(redis.address(), Map.of("is_dialer", "true"));

            assertThat(dialer.exitCode()).isNotZero();
            assertThat(dialer.err()).hasSize(1).first().asString().contains("address");
        }
    }

    /** IOP-10: Redis may start later than we do, or never. */
    @Test
    void triesUntilItsTimeIsOverWhenThereIsNoRedis() throws Exception {
        int port = FreePort.find();

        Run dialer = run("127.0.0.1:" + port, Map.of("is_dialer", "true", "test_timeout_seconds", "1"));

        assertThat(dialer.exitCode()).isNotZero();
        assertThat(dialer.err()).hasSize(1).first().asString().contains("cannot connect to Redis at 127.0.0.1:" + port);
    }

    /** Replies of a server that is not Redis, or of a faulty Redis. The first reply is the one to PING. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-LOADING wait\r\n",
                "HTTP/1.1 400 Bad Request\r\n",
                "$99999999\r\n",
                "+PONG\r\n*2\r\n$1\r\na\r\n",
                "+PONG\r\n:3\r\n",
                "+PONG\r\n*1\r\n$1\r\na\r\n",
                "+PONG\r\n$3\r\nabcd\r\n"
            })
    void failsInOneLineWhenRedisTalksNonsense(String replies) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> say(server, replies), "nonsense");
            thread.setDaemon(true);
            thread.start();

            Run dialer =
                    run("127.0.0.1:" + server.getLocalPort(), Map.of("is_dialer", "true", "test_timeout_seconds", "1"));

            assertThat(dialer.exitCode()).isNotZero();
            assertThat(dialer.out()).isEmpty();
            assertThat(dialer.err()).hasSize(1);
        }
    }

    private static void say(ServerSocket server, String replies) {
        List<Socket> clients = new ArrayList<>();
        try {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                client.getOutputStream().write(replies.getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
            }
        } catch (IOException e) {
            // The test is over.
        } finally {
            for (Socket client : clients) {
                try {
                    client.close();
                } catch (IOException e) {
                    // It is closed in any case.
                }
            }
        }
    }

    private static Run run(String redis, Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(TCP_NOISE_YAMUX);
        environment.put("redis_addr", redis);
        environment.putAll(more);
        return Run.in(environment, "interop-test");
    }
}
