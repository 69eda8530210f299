package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The command as a process of its own, for what only a process can show. */
class StopSignalTest {
    @Test
    void endsWellOnSigterm() throws Exception {
        Process process = command("listen", "--json");
        try (BufferedReader out = process.inputReader()) {
            assertThat(Json.object(out.readLine())).containsEntry("event", "listening");

            // Process.destroy would close the stream with the last line, too.
            process.toHandle().destroy();

            assertThat(out.readLine()).isEqualTo("{\"event\":\"stopped\"}");
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process command(String... args) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Cli.class.getName());
        builder.command().addAll(List.of(args));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
