package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.FreePort;

class RedisClientTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void givesTextsInTheOrderInWhichTheyWereAppended() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                RedisClient client = connect(redis)) {
            client.push("key", "/ip4/127.0.0.1/tcp/1");
            client.push("key", "\u00e4 \"quoted\" \ud83d\ude00");

            assertThat(client.pop("key", SHORT)).isEqualTo("/ip4/127.0.0.1/tcp/1");
            assertThat(client.pop("key", SHORT)).isEqualTo("\u00e4 \"quoted\" \ud83d\ude00");
        }
    }

    @Test
    void waitsForATextThatComesLater() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                RedisClient taking = connect(redis);
                RedisClient giving = connect(redis)) {
            CompletableFuture<String> taken = CompletableFuture.supplyAsync(() -> pop(taking));

            giving.push("key", "late");

            assertThat(taken.get(15, TimeUnit.SECONDS)).isEqualTo("late");
        }
    }

    private static String pop(RedisClient client) {
        try {
            return String.valueOf(client.pop("key", Duration.ofSeconds(10)));
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void givesNullWhenThereIsNoTextInTime() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                RedisClient client = connect(redis)) {
            assertThat(client.pop("key", SHORT)).isNull();
        }
    }

    @Test
    void givesTheTextUnderAKeyUntilItIsRemoved() throws Exception {
        try (FakeRedis redis = new FakeRedis();
                RedisClient client = connect(redis)) {
            assertThat(client.get("key")).isNull();
            client.set("key", "first");
            client.set("key", "second");
            assertThat(client.get("key")).isEqualTo("second");

            client.delete("key");

            assertThat(client.get("key")).isNull();
        }
    }

    @Test
    void refusesATextThatIsNone() throws Exception {
        try (ServerSocket server = answering("+PONG\r\n:3\r\n");
                RedisClient client = connect(server.getLocalPort())) {
            assertThatThrownBy(() -> client.get("key"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("expected a string, got 3");
        }
    }

    @Test
    void saysWhatRedisRefuses() throws Exception {
        try (ServerSocket server = answering("-LOADING wait\r\n")) {
            assertThatThrownBy(() -> connect(server.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("LOADING wait");
        }
    }

    @Test
    void failsWhenRedisIsGone() throws Exception {
        try (ServerSocket server = answering("+PONG\r\n");
                RedisClient client = connect(server.getLocalPort())) {
            assertThatThrownBy(() -> client.pop("key", SHORT)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesAnArrayOfMoreThanItAskedFor() throws Exception {
        try (ServerSocket server = answering("+PONG\r\n*17\r\n:1\r\n");
                RedisClient client = connect(server.getLocalPort())) {
            assertThatThrownBy(() -> client.pop("key", SHORT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("length");
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port = FreePort.find();

        assertThatThrownBy(() -> connect(port))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Connection refused");
    }

    private static RedisClient connect(FakeRedis redis) throws IOException, InterruptedException {
        return connect(
                Integer.parseInt(redis.address().substring(redis.address().lastIndexOf(':') + 1)));
    }

    private static RedisClient connect(int port) throws IOException, InterruptedException {
        return RedisClient.connect("127.0.0.1", port);
    }

    /** Sends these replies to its only client, whatever the client asks, and nothing more. */
    private static ServerSocket answering(String replies) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(
                () -> {
                    try (Socket client = server.accept()) {
                        client.getOutputStream().write(replies.getBytes(StandardCharsets.US_ASCII));
                        client.shutdownOutput();
                        client.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The test is over.
                    }
                },
                "redis");
        thread.setDaemon(true);
        thread.start();
        return server;
    }
}
