package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.minip2p.examples.Nodes.PROCESS_PATIENCE;
import static org.minip2p.examples.Nodes.address;
import static org.minip2p.examples.Nodes.awaitTrue;
import static org.minip2p.examples.Nodes.listening;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.BlockingStream;
import org.minip2p.host.Host;

class HttpOverStreamsTest {
    private final Nodes nodes = new Nodes();

    @TempDir
    Path folder;

    @BeforeEach
    void findCurl() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(bin -> Files.isExecutable(Path.of(bin, "curl"))),
                "there is no curl here");
    }

    @AfterEach
    void close() throws Exception {
        nodes.close();
    }

    private Host server() {
        Host host = nodes.host();
        HttpOverStreams.serve(host);
        return host;
    }

    private int portTo(Host server) throws IOException {
        return nodes.closing(new LocalPort(0, address(server), HttpOverStreams.ID))
                .port();
    }

    /** Starts a real curl. */
    private ChildProcess<String> curl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "30", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        return nodes.closing(ChildProcess.start("curl", command, ChildProcess.Stderr.MERGE));
    }

    private static String url(int port, String page) {
        return "http://127.0.0.1:" + port + page;
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void curlAsksAProcessThroughTheLocalPortOfAnother() throws Exception {
        ChildProcess<String> server = nodes.program(HttpOverStreams.class, "serve", Nodes.LOOPBACK);
        ChildProcess<String> proxy = nodes.program(HttpOverStreams.class, "open", listening(server), "0");
        int port = Integer.parseInt(listening(proxy).substring("port ".length()));

        ChildProcess<String> curl = curl(url(port, "/whoami"));

        assertThat(curl.awaitLine(PROCESS_PATIENCE)).startsWith("12D3KooW");
        assertThat(curl.awaitExit(PROCESS_PATIENCE)).isZero();
    }

    @Test
    void twoPagesComeThroughOneConnection() throws Exception {
        int port = portTo(server());

        ChildProcess<String> curl =
                curl("-w", "%{http_code} %{num_connects}\n", url(port, "/whoami"), url(port, "/nothing"));

        assertThat(curl.awaitExit(PROCESS_PATIENCE)).isZero();
        assertThat(curl.awaitLine(PROCESS_PATIENCE)).startsWith("12D3KooW");
        assertThat(curl.awaitLine(PROCESS_PATIENCE)).isEqualTo("200 1");
        assertThat(curl.awaitLine(PROCESS_PATIENCE)).isEqualTo("no such page");
        assertThat(curl.awaitLine(PROCESS_PATIENCE)).isEqualTo("404 0");
    }

    @Test
    void aBodyComesBackAsItWentAndOneTooLargeIsRefused() throws Exception {
        byte[] body = new byte[64 << 10];
        new Random(3).nextBytes(body);
        Path sent = Files.write(folder.resolve("sent"), body);
        Path received = folder.resolve("received");
        int port = portTo(server());

        ChildProcess<String> whole = curl("--data-binary", "@" + sent, "-o", received.toString(), url(port, "/echo"));
        assertThat(whole.awaitExit(PROCESS_PATIENCE)).isZero();
        assertThat(received).hasBinaryContent(body);

        Path larger = Files.write(folder.resolve("larger"), new byte[(64 << 10) + 1]);
        ChildProcess<String> refused =
                curl("--data-binary", "@" + larger, "-o", "/dev/null", "-w", "%{http_code}\n", url(port, "/echo"));
        assertThat(refused.awaitLine(PROCESS_PATIENCE)).isEqualTo("413");
    }

    @Test
    void curlIsToldWhenNobodyIsThereAndServedAgainAfterwards() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        String address = "/ip4/127.0.0.1/tcp/" + FreePort.find();
        Host first = nodes.host(Host.builder().identity(key).listen(address));
        HttpOverStreams.serve(first);
        int port = portTo(first);
        assertThat(curl(url(port, "/whoami")).awaitExit(PROCESS_PATIENCE)).isZero();

        first.close();
        assertThat(curl(url(port, "/whoami")).awaitExit(PROCESS_PATIENCE)).isNotZero();

        HttpOverStreams.serve(nodes.host(Host.builder().identity(key).listen(address)));
        awaitTrue("served again", () -> curl(url(port, "/whoami")).awaitExit(PROCESS_PATIENCE) == 0);
    }

    @Test
    void curlIsToldWhenThePeerDoesNotSpeakIt() throws Exception {
        assertThat(curl(url(portTo(nodes.host()), "/whoami")).awaitExit(PROCESS_PATIENCE))
                .isNotZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void curlIsToldWhenTheAnswerIsCut(boolean isReset) throws Exception {
        byte[] half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII);
        Host cutting = nodes.answering(HttpOverStreams.ID, half, (stream, ctx) -> {
            if (isReset) {
                stream.reset();
            } else {
                ctx.close();
            }
        });

        assertThat(curl(url(portTo(cutting), "/whoami")).awaitExit(PROCESS_PATIENCE))
                .isNotZero();
    }

    @Test
    void whatIsNoHttpIsAnsweredSo() throws Exception {
        Host server = server();
        try (BlockingStream stream = BlockingStream.open(nodes.connect(server), HttpOverStreams.ID)) {
            stream.outputStream().write("garbage\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            byte[] answer = stream.inputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void aRequestThatIsCutDoesNoHarm() throws Exception {
        Host server = server();
        var connection = nodes.connect(server);
        BlockingStream cut = BlockingStream.open(connection, HttpOverStreams.ID);
        cut.outputStream()
                .write("POST /echo HTTP/1.1\r\ncontent-length: 100\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
        cut.reset();
        try (BlockingStream ended = BlockingStream.open(connection, HttpOverStreams.ID)) {
            ended.outputStream()
                    .write("POST /echo HTTP/1.1\r\ncontent-length: 100\r\n\r\nhalf"
                            .getBytes(StandardCharsets.US_ASCII));
            ended.closeOutput();
            assertThat(ended.inputStream().read())
                    .as("there is no answer to half a request")
                    .isEqualTo(-1);
        }

        ChildProcess<String> curl = curl(url(portTo(server), "/whoami"));
        assertThat(curl.awaitExit(PROCESS_PATIENCE)).isZero();
    }

    @Test
    void aLocalPortThatIsTakenIsAnError() throws Exception {
        Host server = server();
        int port = portTo(server);

        assertThatThrownBy(() -> new LocalPort(port, address(server), HttpOverStreams.ID))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + port);
    }
}
