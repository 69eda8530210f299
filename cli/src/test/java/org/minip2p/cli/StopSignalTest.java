package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** Runs the command as a separate process, for behavior that only a process can show. */
class StopSignalTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void endsWellOnSigterm() throws Exception {
        try (ChildProcess<String> process = command("listen", "--json")) {
            assertThat(Json.object(process.awaitLine(LIMIT))).containsEntry("event", "listening");

            process.handle().destroy();

            assertThat(process.nextLine(LIMIT)).contains("{\"event\":\"stopped\"}");
            assertThat(process.awaitExit(LIMIT)).isZero();
        }
    }

    private static ChildProcess<String> command(String... args) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Cli.class.getName()));
        command.addAll(List.of(args));
        return ChildProcess.start("minip2p", command, Stderr.INHERIT);
    }
}
