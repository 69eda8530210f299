package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.examples.Nodes.PROCESS_PATIENCE;
import static org.minip2p.examples.Nodes.address;
import static org.minip2p.examples.Nodes.await;
import static org.minip2p.examples.Nodes.awaitTrue;
import static org.minip2p.examples.Nodes.listening;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolStream;

class TunnelTest {
    /**
     * The maximum amount of data that the tunnel holds in one direction: grown windows, and the kernel's buffers of
     * four sockets.
     */
    private static final long MOST_HELD_BYTES = 40 << 20;

    private static final int LONG_BYTES = 64 << 20;

    private final Nodes nodes = new Nodes();
    private ServerSocket listening;

    @BeforeEach
    void listen() throws IOException {
        listening = nodes.closing(new ServerSocket(FreePort.find(), 50, InetAddress.getLoopbackAddress()));
        listening.setSoTimeout((int) PROCESS_PATIENCE.toMillis());
    }

    @AfterEach
    void close() throws Exception {
        nodes.close();
    }

    private Host exposing() {
        Host host = nodes.host();
        Tunnel.expose(host, (InetSocketAddress) listening.getLocalSocketAddress());
        return host;
    }

    private int portTo(Host host) throws IOException {
        return nodes.closing(new LocalPort(0, address(host), Tunnel.ID)).port();
    }

    private Socket connect(int port) throws IOException {
        Socket socket = nodes.closing(new Socket(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout((int) PROCESS_PATIENCE.toMillis());
        return socket;
    }

    private Socket accept() throws IOException {
        Socket socket = nodes.closing(listening.accept());
        socket.setSoTimeout((int) PROCESS_PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String readToEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void twoProcessesAreATunnel() throws Exception {
        ChildProcess<String> exposing =
                nodes.program(Tunnel.class, "expose", Nodes.LOOPBACK, "127.0.0.1:" + listening.getLocalPort());
        ChildProcess<String> opening = nodes.program(Tunnel.class, "open", listening(exposing), "0");
        Socket client = connect(Integer.parseInt(listening(opening).substring("port ".length())));
        Socket server = accept();

        send(client, "question");
        client.shutdownOutput();
        assertThat(readToEnd(server)).isEqualTo("question");
        send(server, "answer");
        server.close();

        assertThat(readToEnd(client)).isEqualTo("answer");
    }

    @Test
    void theClientEndsAndTheAnswerStillComes() throws Exception {
        Socket client = connect(portTo(exposing()));
        Socket server = accept();
        send(client, "question");
        client.shutdownOutput();
        assertThat(readToEnd(server)).isEqualTo("question");

        send(server, "answer");
        server.shutdownOutput();

        assertThat(readToEnd(client)).isEqualTo("answer");
    }

    @Test
    void theServerEndsAndTheClientStillSends() throws Exception {
        Socket client = connect(portTo(exposing()));
        Socket server = accept();
        send(server, "hello");
        server.shutdownOutput();
        assertThat(readToEnd(client)).isEqualTo("hello");

        send(client, "much to say");
        client.shutdownOutput();

        assertThat(readToEnd(server)).isEqualTo("much to say");
    }

    @Test
    void nothingIsLeftWhenBothHaveEnded() throws Exception {
        int port = portTo(exposing());
        long before = 0;
        for (int i = 0; i < 60; i++) {
            if (i == 10) {
                before = openFiles();
            }
            try (Socket one = connect(port);
                    Socket other = listening.accept()) {
                one.shutdownOutput();
                other.shutdownOutput();
                assertThat(readToEnd(one)).isEmpty();
                assertThat(readToEnd(other)).isEmpty();
            }
        }

        long most = before + 10;
        awaitTrue("the tunnel's ends of 50 sockets are closed", () -> openFiles() < most);
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetComesOutAsAReset(boolean isOfTheClient) throws Exception {
        Socket client = connect(portTo(exposing()));
        Socket server = accept();
        Socket resetting = isOfTheClient ? client : server;
        Socket other = isOfTheClient ? server : client;
        send(client, "a");
        send(server, "b");
        client.getInputStream().read();
        server.getInputStream().read();

        resetting.setSoLinger(true, 0);
        resetting.close();

        assertThatThrownBy(() -> other.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void theEndOfTheConnectionIsAReset() throws Exception {
        Host host = exposing();
        Socket client = connect(portTo(host));
        Socket server = accept();
        send(client, "a");
        server.getInputStream().read();

        host.connections().forEach(connection -> connection.abort());

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void theClientIsToldWhenThereIsNoServer() throws Exception {
        Host host = exposing();
        listening.close();

        Socket client = connect(portTo(host));

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void theClientIsToldWhenThePeerDoesNotSpeakIt() throws Exception {
        Socket client = connect(portTo(nodes.host()));

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void theClientIsToldWhenThePeerIsNotThere() throws Exception {
        Host gone = nodes.host();
        int port = portTo(gone);
        gone.close();

        Socket client = connect(port);

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void aStreamThatIsResetWhileTheServerIsConnectedLeavesNoSocket() throws Exception {
        ProtocolStream stream = await(nodes.connect(exposing()).openStream(Tunnel.ID, opened -> {}));
        stream.reset();

        Socket server = accept();

        awaitTrue("closed", () -> {
            try {
                return server.getInputStream().read() < 0;
            } catch (SocketException e) {
                return true;
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(Nodes.PROCESS_SECONDS)
    void whoDoesNotReadStopsTheOtherEndAndGetsEverythingInTheEnd(boolean isOfTheClient) throws Exception {
        Socket client = connect(portTo(exposing()));
        Socket server = accept();
        Socket sender = isOfTheClient ? client : server;
        Socket receiver = isOfTheClient ? server : client;
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendMuch(sender, sent));
        long before;
        do {
            before = sent.get();
            TimeUnit.MILLISECONDS.sleep(500);
        } while (before == 0 || sent.get() > before);

        assertThat(sent.get()).as("bytes sent until it stopped").isLessThan(MOST_HELD_BYTES);

        readMuch(receiver);
        await(sending);
    }

    private static void sendMuch(Socket socket, AtomicLong sent) {
        byte[] block = new byte[64 << 10];
        Random random = new Random(4);
        try {
            OutputStream out = socket.getOutputStream();
            while (sent.get() < LONG_BYTES) {
                random.nextBytes(block);
                out.write(block);
                sent.addAndGet(block.length);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readMuch(Socket socket) throws IOException {
        byte[] expected = new byte[64 << 10];
        Random random = new Random(4);
        InputStream in = socket.getInputStream();
        for (int read = 0; read < LONG_BYTES; read += expected.length) {
            random.nextBytes(expected);
            byte[] came = in.readNBytes(expected.length);
            if (!Arrays.equals(came, expected)) {
                throw new AssertionError("other bytes than were sent, in the block at " + read);
            }
        }
        assertThat(in.read()).isEqualTo(-1);
    }
}
