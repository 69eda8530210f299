package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Identify;

/**
 * An application may bring a protobuf-java other than the one that the library was built with. Generated code runs on
 * its own version and on every later one. For each version that the build has put into {@code target/protobuf}, a
 * separate process runs two hosts, which connect (Noise), shake hands (envelopes) and identify each other.
 */
class ProtobufRuntimesTest {
    private static final Path RUNTIMES = Path.of("target", "protobuf");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static List<Path> runtimes() throws IOException {
        try (Stream<Path> jars = Files.list(RUNTIMES)) {
            return jars.sorted().toList();
        }
    }

    @Test
    void areTheOldestOneInTheMiddleAndTheNewest() throws IOException {
        assertThat(runtimes())
                .hasSize(3)
                .allSatisfy(
                        jar -> assertThat(jar.getFileName()).asString().matches("protobuf-java-4\\.\\d+\\.\\d+\\.jar"));
    }

    @ParameterizedTest
    @MethodSource("runtimes")
    void shakesHandsOnEachRuntime(Path runtime) throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("protobuf-java-"))
                .collect(Collectors.joining(File.pathSeparator));

        try (ChildProcess<String> process = ChildProcess.start(
                "two hosts on " + runtime.getFileName(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        runtime.toAbsolutePath() + File.pathSeparator + classPath,
                        TwoHosts.class.getName()),
                ChildProcess.Stderr.KEEP)) {
            assertThat(process.awaitLine(PATIENCE))
                    .isEqualTo(runtime.getFileName().toString());
            assertThat(process.awaitLine(PATIENCE)).isEqualTo("completed 0x00000502");
            assertThat(process.awaitLine(PATIENCE)).isEqualTo("identified two-hosts/1");
        }
    }

    /** The program of that process. */
    static final class TwoHosts {
        private TwoHosts() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println(Path.of(MessageLite.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getFileName());
            BlockingQueue<HandshakeEvent> events = new LinkedBlockingQueue<>();
            try (Host listener = Host.builder().start().join();
                    Host dialer = Host.builder().start().join()) {
                Identify.install(listener, "two-hosts/1");
                Identify identify = Identify.install(dialer, "two-hosts/1");
                NodeInfo info = NodeInfo.of("0x00000502");
                NodeInfoHandshake.install(listener, () -> info, HandshakeOptions.defaults(), (host, event) -> {});
                NodeInfoHandshake.install(
                        dialer, () -> info, HandshakeOptions.defaults(), (host, event) -> events.add(event));
                listener.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
                Connection connection = dialer.dial(listener.addresses().get(0)).join();
                HandshakeEvent event = events.poll(30, TimeUnit.SECONDS);
                System.out.println(
                        event instanceof HandshakeEvent.Completed completed
                                ? "completed " + completed.theirInfo().networkId()
                                : "not completed: " + event);
                System.out.println(
                        "identified " + identify.identify(connection).join().agentVersion());
            }
        }
    }
}
