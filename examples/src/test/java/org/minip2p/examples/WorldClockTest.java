package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.examples.Nodes.PATIENCE;
import static org.minip2p.examples.Nodes.PROCESS_PATIENCE;
import static org.minip2p.examples.Nodes.address;
import static org.minip2p.examples.Nodes.await;
import static org.minip2p.examples.Nodes.failure;
import static org.minip2p.examples.Nodes.listening;

import io.netty.handler.codec.DecoderException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.examples.WorldClock.NoSuchZone;
import org.minip2p.examples.WorldClock.TimeIs;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolTimeoutException;

class WorldClockTest {
    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() throws Exception {
        nodes.close();
    }

    private Host clock() {
        Host host = nodes.host();
        WorldClock.serve(host);
        return host;
    }

    /** Asks a host that may answer in its own way. */
    private CompletableFuture<WorldClock.Answer> ask(Host server) {
        Host client = nodes.host(Host.builder());
        return WorldClock.ask(client, await(client.dial(address(server))), "UTC");
    }

    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[2 + bytes.length];
        frame[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, frame, 2, bytes.length);
        return frame;
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void twoProcessesAskAndAnswer() throws Exception {
        ChildProcess<String> server = nodes.program(WorldClock.class, "serve", Nodes.LOOPBACK);

        ChildProcess<String> client = nodes.program(WorldClock.class, "ask", listening(server), "Europe/Zurich");

        client.await("answer", line -> line.startsWith("TimeIs[time="), PROCESS_PATIENCE);
        assertThat(client.awaitExit(PROCESS_PATIENCE)).isZero();
        server.close();
        assertThat(server.awaitExit(PROCESS_PATIENCE)).isZero();
    }

    @Test
    void answersAreTyped() {
        Connection connection = nodes.connect(clock());
        Host client = nodes.host(Host.builder());

        assertThat(await(WorldClock.ask(client, connection, "UTC")))
                .isInstanceOfSatisfying(
                        TimeIs.class,
                        answer -> assertThat(answer.time())
                                .isBetween(
                                        LocalDateTime.now(ZoneOffset.UTC).minusMinutes(1),
                                        LocalDateTime.now(ZoneOffset.UTC)));
        assertThat(await(WorldClock.ask(client, connection, "Moon/Tycho"))).isEqualTo(new NoSuchZone("Moon/Tycho"));
    }

    @Test
    void aServerThatIsSilentIsATimeOut() {
        Host silent = nodes.answering(WorldClock.ID, new byte[0], (stream, ctx) -> {});

        assertThat(failure(ask(silent))).isInstanceOf(ProtocolTimeoutException.class);
    }

    @Test
    void aServerThatResetsInTheMiddleIsAnError() {
        Host resetting = nodes.answering(WorldClock.ID, new byte[] {0, 20, '='}, (stream, ctx) -> stream.reset());

        assertThat(failure(ask(resetting))).isInstanceOf(IOException.class).isNotInstanceOf(EOFException.class);
    }

    @Test
    void aServerThatEndsEarlyIsAnError() {
        Host ending = nodes.answering(WorldClock.ID, new byte[] {0, 20, '='}, (stream, ctx) -> ctx.close());

        assertThat(failure(ask(ending))).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?UTC", "=half past nine", "#", ""})
    void aServerThatSendsGarbageIsAnError(String garbage) {
        Host server = nodes.answering(WorldClock.ID, frame(garbage), (stream, ctx) -> {});

        assertThat(failure(ask(server))).isInstanceOf(DecoderException.class);
    }

    @Test
    void aFrameThatIsTooLongIsAnError() {
        Host server = nodes.answering(WorldClock.ID, new byte[] {1, 1}, (stream, ctx) -> {});

        assertThat(failure(ask(server))).isInstanceOf(DecoderException.class);
    }

    @Test
    void aPeerThatDoesNotSpeakItIsAnError() {
        assertThat(failure(ask(nodes.host()))).isInstanceOf(UnsupportedProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=2026-01-01T00:00", "#", ""})
    void theServerResetsWhoSendsGarbageAndServesTheNextOne(String garbage) throws Exception {
        Connection connection = nodes.connect(clock());
        try (BlockingStream stream = BlockingStream.open(connection, WorldClock.ID)) {
            stream.outputStream().write(frame(garbage));

            assertThatThrownBy(() -> stream.inputStream().read()).isInstanceOf(IOException.class);
            stream.reset();
        }

        assertThat(await(WorldClock.ask(nodes.host(Host.builder()), connection, "UTC")))
                .isInstanceOf(TimeIs.class);
    }

    @Test
    void theServerDoesNotWaitForEverForTheRestOfAQuestion() throws Exception {
        Connection connection = nodes.connect(clock());
        try (BlockingStream stream = BlockingStream.open(connection, WorldClock.ID)) {
            stream.timeout(PATIENCE.plus(Duration.ofSeconds(15)));
            stream.outputStream().write(new byte[] {0, 20, '?'});

            assertThatThrownBy(() -> stream.inputStream().read())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(InterruptedIOException.class);
            stream.reset();
        }
    }
}
