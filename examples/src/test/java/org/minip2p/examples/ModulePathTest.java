package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module. It runs, and can see only the public packages. */
class ModulePathTest {
    private static final String MODULE = """
            module application {
                requires org.minip2p.handshake;
                requires org.minip2p.protocols;
            }
            """;

    private static final String PROGRAM = """
            package application;

            import java.net.InetSocketAddress;
            import java.util.List;
            import java.util.concurrent.ExecutionException;
            import java.util.concurrent.TimeUnit;
            import org.minip2p.core.*;
            import org.minip2p.host.*;
            import org.minip2p.noise.crypto.NoiseCrypto;
            import org.minip2p.protocols.Ping;

            public final class Application {
                public static void main(String[] arguments) throws Exception {
                    try (Host listener = start(); Host dialer = start()) {
                        listener.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).get(15, TimeUnit.SECONDS);
                        Connection connection = dialer.dial(listener.addresses().get(0)).get(15, TimeUnit.SECONDS);
                        try {
                            Ping.install(dialer).ping(connection).get(15, TimeUnit.SECONDS);
                        } catch (ExecutionException e) {
                            if (e.getCause() instanceof UnsupportedProtocolException unsupported) {
                                System.out.println("refused " + unsupported.proposals());
                            }
                        }
                        try {
                            dialer.dial(Multiaddr.parse("/dnsaddr/nobody.invalid"), DialOptions.toAnyPeer()).get(30, TimeUnit.SECONDS);
                        } catch (ExecutionException e) {
                            System.out.println(e.getCause().getMessage());
                        }
                        System.out.println(Application.class.getModule().isNamed() + " " + Host.class.getModule().getName());
                    }
                }

                private static Host start() throws Exception {
                    return Host.builder()
                            .crypto(NoiseCrypto.bouncyCastle())
                            .dnsServers(List.of(new InetSocketAddress("127.0.0.1", 1)))
                            .start()
                            .get(15, TimeUnit.SECONDS);
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void anApplicationThatIsAModuleCatchesOurExceptionsAndRuns() throws Exception {
        assertThat(compile(PROGRAM)).isEmpty();

        assertThat(run())
                .contains("refused [/ipfs/ping/1.0.0]", "true org.minip2p.host")
                .contains("io.netty:netty-resolver-dns");
    }

    @Test
    void namesOfDnsaddrAreLookedUpWhereTheModuleOfTheResolverIsAdded() throws Exception {
        assertThat(compile(PROGRAM)).isEmpty();

        assertThat(run("--add-modules", "io.netty.resolver.dns"))
                .contains("_dnsaddr.nobody.invalid")
                .doesNotContain("io.netty:netty-resolver-dns");
    }

    @Test
    void theLayersBelowTheHostAreNotVisible() throws Exception {
        for (String hidden : List.of(
                "org.minip2p.yamux.YamuxSession",
                "org.minip2p.yamux.netty.YamuxHandler",
                "org.minip2p.noise.NoiseHandshake",
                "org.minip2p.noise.netty.NoiseTransportHandler",
                "org.minip2p.multistream.Initiator",
                "org.minip2p.host.dialing.Dialer")) {
            String program = "package application; class Application { " + hidden + " hidden; }";

            assertThat(compile(program)).as(hidden).contains("is not visible");
        }
    }

    /** Runs the application, which must end normally, and returns its output. */
    private String run(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("--module-path", modulePath() + File.pathSeparator + folder.resolve("classes")));
        command.addAll(List.of("--module", "application/application.Application"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return Files.readString(folder.resolve("output"));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Compiles a program and returns the messages of the compiler, in English. */
    private String compile(String program) throws IOException {
        Path source = Files.createDirectories(folder.resolve("source/application"));
        Files.writeString(source.resolve("Application.java"), program);
        Files.writeString(folder.resolve("source/module-info.java"), MODULE);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.ROOT);
        try {
            compiler.run(
                    null,
                    said,
                    said,
                    "-d",
                    Files.createDirectories(folder.resolve("classes")).toString(),
                    "--module-path",
                    modulePath(),
                    folder.resolve("source/module-info.java").toString(),
                    source.resolve("Application.java").toString());
        } finally {
            Locale.setDefault(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    /** The class path of this test, without tests and their dependencies. */
    private static String modulePath() {
        List<String> parts = new ArrayList<>(
                Arrays.asList(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator)));
        return parts.stream()
                .filter(
                        part -> part.matches(
                                ".*(minip2p-(core|transport|multistream|security-noise|muxer-yamux|host|protocols|handshake)-"
                                        + "[^/]*(?<!tests)\\.jar|/(core|transport|multistream|security-noise|muxer-yamux|host|protocols|handshake)"
                                        + "/target/classes/?|netty-(common|buffer|transport|resolver|resolver-dns|codec-base|codec-dns|handler|codec|transport-native-unix-common)"
                                        + "-[0-9][^/]*|bcprov[^/]*|protobuf-java-[^/]*|slf4j-[^/]*|jspecify[^/]*|jackson-core[^/]*)"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
