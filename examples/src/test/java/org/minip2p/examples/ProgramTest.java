package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.testing.ChildProcess;

class ProgramTest {
    private static final String NOBODY =
            "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    /** An example program. */
    private interface Example {
        void run(String... arguments) throws Exception;
    }

    private static final Map<String, Example> PROGRAMS = Map.of(
            "WorldClock", WorldClock::run,
            "Chat", Chat::run,
            "FileTransfer", FileTransfer::run,
            "HttpOverStreams", HttpOverStreams::run,
            "Tunnel", Tunnel::run,
            "SsvNode", SsvNode::run);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** Runs a command line and returns its exit code. KEY stands for a file that does not exist. */
    private int run(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.replaceAll(word -> word.equals("KEY") ? folder.resolve("key").toString() : word);
        String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
        return Program.run(
                "as the page says",
                () -> Objects.requireNonNull(PROGRAMS.get(words.get(0))).run(arguments),
                new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WorldClock",
                "WorldClock serve",
                "WorldClock listen /ip4/127.0.0.1/tcp/0",
                "WorldClock serve localhost:4001",
                "WorldClock ask /ip4/127.0.0.1/tcp/1 UTC",
                "WorldClock ask " + NOBODY,
                "Chat KEY alice",
                "Chat KEY alice nowhere",
                "Chat KEY alice /ip4/127.0.0.1/tcp/0 /ip4/127.0.0.1/tcp/1",
                "FileTransfer serve /ip4/127.0.0.1/tcp/0",
                "FileTransfer serve /ip4/127.0.0.1/tcp/0 /no/such/folder",
                "FileTransfer fetch " + NOBODY + " name",
                "FileTransfer fetch here name file",
                "HttpOverStreams open " + NOBODY + " http",
                "HttpOverStreams open " + NOBODY + " 65536",
                "HttpOverStreams serve /ip4/127.0.0.1/tcp/0 8080",
                "Tunnel expose /ip4/127.0.0.1/tcp/0 localhost",
                "Tunnel expose /ip4/127.0.0.1/tcp/0 localhost:-1",
                "Tunnel expose /ip4/127.0.0.1/tcp/0 no.such.host.invalid:80",
                "Tunnel open " + NOBODY,
                "SsvNode KEY",
                "SsvNode KEY nowhere",
                "SsvNode KEY /ip4/127.0.0.1/tcp/0 nobody",
            })
    void wrongArgumentsAreTwoAndTheUsage(String line) {
        int exitCode = run(line);

        assertThat(exitCode).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(2)
                .last()
                .isEqualTo("usage: as the page says");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WorldClock ask " + NOBODY + " UTC",
                "FileTransfer fetch " + NOBODY + " name file",
                "WorldClock serve /ip4/192.0.2.1/tcp/4001",
                "SsvNode KEY /ip4/192.0.2.1/tcp/4001",
                "Chat KEY alice /ip4/192.0.2.1/tcp/4001",
                "SsvNode /no/such/folder/key /ip4/127.0.0.1/tcp/0",
            })
    void whatCannotBeDoneIsOneAndALine(String line) {
        int exitCode = run(line);

        assertThat(exitCode).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    }

    @Test
    void aKeyIsMadeOnceAndReadAfterwards() throws Exception {
        Path file = folder.resolve("key");

        byte[] first = Program.key(file).publicKey().encoded();

        assertThat(Program.key(file).publicKey().encoded()).isEqualTo(first);
        assertThat(Files.exists(file)).isTrue();
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void aProcessEndsWithTheExitCodeAndSaysWhyOnItsErrors() throws Exception {
        Nodes nodes = new Nodes();
        try {
            ChildProcess<String> wrong = nodes.program(Tunnel.class, "dig", "deep");
            ChildProcess<String> failing = nodes.program(WorldClock.class, "ask", NOBODY, "UTC");

            assertThat(wrong.awaitExit(Nodes.PROCESS_PATIENCE)).isEqualTo(2);
            assertThat(wrong.nextLine(Nodes.PROCESS_PATIENCE)).contains("wrong arguments: dig deep");
            assertThat(wrong.nextLine(Nodes.PROCESS_PATIENCE))
                    .contains("usage: Tunnel expose LISTEN HOST:PORT | Tunnel open ADDRESS LOCAL_PORT");
            assertThat(wrong.nextLine(Nodes.PROCESS_PATIENCE)).isEmpty();
            assertThat(failing.awaitExit(Nodes.PROCESS_PATIENCE)).isEqualTo(1);
        } finally {
            nodes.close();
        }
    }
}
