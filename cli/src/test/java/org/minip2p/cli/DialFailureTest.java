package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.Host;
import org.minip2p.host.StreamHandler;

/** The messages of the dial commands for a peer that is not available, is another peer, or misbehaves. */
class DialFailureTest {
    @Test
    void saysThatNobodyListens() throws Exception {
        int port = FreePort.find();

        Run run = Run.of("dial", "/ip4/127.0.0.1/tcp/" + port, "ping", "--json");

        assertFailure(run, "refused");
    }

    @Test
    void saysThatAnotherPeerAnswered() throws Exception {
        PeerId wanted = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
        try (Host host = listening()) {
            String address = address(host).replace(host.peerId().toString(), wanted.toString());

            Run run = Run.of("dial", address, "ping", "--json");

            assertFailure(run, wanted.toString(), host.peerId().toString());
        }
    }

    @Test
    void saysThatThePeerSpeaksSomethingElse() throws Exception {
        try (RawServer server = new RawServer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".repeat(2))) {
            Run run = Run.of("dial", server.address(), "ping", "--json");

            assertFailure(run, "dial");
        }
    }

    @Test
    void givesUpOnAPeerThatSaysNothing() throws Exception {
        try (RawServer server = new RawServer("")) {
            Run run = Run.of("dial", server.address(), "ping", "--host-config", "upgradeTimeout=300ms", "--json");

            assertFailure(run, "300 ms");
        }
    }

    @Test
    void saysThatThePeerDoesNotSpeakTheProtocol() throws Exception {
        try (Host host = listening()) {
            assertFailure(Run.of("dial", address(host), "echo", "--json"), "echo: ", "/echo/1.0.0");
            assertFailure(Run.of("dial", address(host), "ping", "--json"), "ping: ", "/ipfs/ping/1.0.0");
            assertFailure(Run.of("dial", address(host), "perf", "--json"), "perf: ", "/perf/1.0.0");
            assertFailure(Run.of("dial", address(host), "identify", "--json"), "identify: ", "/ipfs/id/1.0.0");
        }
    }

    @Test
    void findsOutThatOtherBytesReturned() throws Exception {
        try (Host host = listening()) {
            host.handle(
                    EchoHandler.PROTOCOL,
                    HALF_OPEN,
                    stream -> stream.pipeline().addLast(new Falsifier(), new EchoHandler()));

            Run run = Run.of("dial", address(host), "echo", "--size", "1000", "--json");

            assertFailure(run, "expected the sent bytes back");
        }
    }

    @Test
    void findsOutThatTooFewBytesReturned() throws Exception {
        try (Host host = listening()) {
            host.handle(EchoHandler.PROTOCOL, HALF_OPEN, replacing(""));

            Run run = Run.of("dial", address(host), "echo", "--size", "1000", "--json");

            assertFailure(run, "1000 bytes", "after 0");
        }
    }

    @Test
    void findsOutThatTooManyBytesReturned() throws Exception {
        try (Host host = listening()) {
            host.handle(EchoHandler.PROTOCOL, HALF_OPEN, replacing("more than was sent"));

            Run run = Run.of("dial", address(host), "echo", "--size", "3", "--json");

            assertFailure(run, "more than it got");
        }
    }

    @Test
    void saysThatThePeerResetTheStream() throws Exception {
        try (Host host = listening()) {
            host.handle(EchoHandler.PROTOCOL, HALF_OPEN, stream -> stream.reset());

            Run run = Run.of("dial", address(host), "echo", "--json");

            assertFailure(run, "echo: ");
        }
    }

    private static void assertFailure(Run run, String... parts) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().startsWith("minip2p: ").contains(parts);
        assertThat(run.result()).containsOnlyKeys("ok", "error").containsEntry("ok", false);
        assertThat("minip2p: " + Objects.toString(run.result().get("error")))
                .isEqualTo(run.err().get(0));
    }

    /** A host without protocols. */
    private static Host listening() {
        return Host.builder().listen("/ip4/127.0.0.1/tcp/0").start().join();
    }

    private static String address(Host host) {
        return host.addresses().get(0).toString();
    }

    /** Ignores the input, and answers its end with this text. */
    private static StreamHandler replacing(String text) {
        return stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ((ByteBuf) message).release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownEvent) {
                    ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8)));
                    ctx.close();
                }
            }
        });
    }

    /** Changes one bit of every buffer that it reads. */
    private static final class Falsifier extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = ((ByteBuf) message).copy();
            ((ByteBuf) message).release();
            bytes.setByte(0, bytes.getByte(0) ^ 1);
            ctx.fireChannelRead(bytes);
        }
    }

    /** Accepts connections, sends one text, and reads everything that comes. */
    private static final class RawServer implements AutoCloseable {
        private final ServerSocket server;

        RawServer(String greeting) throws IOException {
            server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
            Thread thread = new Thread(() -> serve(greeting), "raw-server");
            thread.setDaemon(true);
            thread.start();
        }

        String address() {
            return "/ip4/127.0.0.1/tcp/" + server.getLocalPort();
        }

        private void serve(String greeting) {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // The client has left, or the test is over.
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
