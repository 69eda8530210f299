package org.minip2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code simulation/run} command. */
class SimulationRunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --seeds      | expected a value behind --seeds
                    --seeds none | expected a number behind --seeds, got none
                    --seeds 0    | expected at least 1 behind --seeds, got 0
                    --minutes -1 | expected at least 1 behind --minutes, got -1
                    --fast       | unknown argument --fast
                    --hosts 1    | expected 2 to 50 hosts, got 1
                    --hosts 51   | expected 2 to 50 hosts, got 51
                    --hosts many | expected a number behind --hosts, got many
                    --faults CUT,FIRE | expected faults among [CUT, MUTE, PARTITION,
                    --faults CUT,FIRE | got "FIRE"
                    --trace x    | --trace is of one seed: expected --seed with it
                    """)
    void saysWhatItDoesNotUnderstand(String arguments, String message) {
        assertThat(run(InstantSource.system(), arguments.split(" "))).isEqualTo(2);

        assertThat(text(err)).contains(message).contains("usage: simulation/run");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void saysThatATraceCannotBeWritten() {
        assertThat(run(InstantSource.system(), "--seed", "1", "--trace", "/no/such/folder/trace"))
                .isEqualTo(2);

        assertThat(text(err)).contains("cannot write the trace: /no/such/folder/trace");
    }

    @Test
    void endsWithOneLineOfJson() {
        assertThat(run(InstantSource.system(), "--seeds", "2", "--first", "5", "--json"))
                .isZero();

        assertThat(text(out))
                .matches("\\{\"seeds\":2,\"simulatedHours\":[0-9.]+,\"connections\":[0-9]+,\"faults\":[0-9]+,"
                        + "\"stepsPerSecond\":[0-9]+,\"failed\":\\[]}\\R");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void saysOnStderrHowFarItIs() {
        assertThat(run(hasty(), "--seeds", "5", "--json")).isZero();

        assertThat(text(out)).startsWith("{\"seeds\":5,").hasLineCount(1);
        assertThat(text(err).lines())
                .hasSize(2)
                .allMatch(
                        line -> line.matches("[13] of 5 seeds in [48]0 s: [0-9.]+ simulated hours, [0-9]+ connections, "
                                + "[0-9]+ faults, failed: \\[]"));
    }

    @Test
    void endsWhenItsTimeIsOver() {
        assertThat(run(hasty(), "--minutes", "1")).isZero();

        assertThat(text(out)).startsWith("2 seeds, ");
        assertThat(text(err)).startsWith("1 seeds in 40 s: ").hasLineCount(1);
    }

    @Test
    void runsTheScenarioThatIsAskedFor() {
        assertThat(run(
                        InstantSource.system(),
                        "--seed",
                        "7",
                        "--hosts",
                        "3",
                        "--faults",
                        "cut, mute",
                        "--trace",
                        trace()))
                .isZero();

        assertThat(folder.resolve("trace"))
                .content()
                .contains("h3 starts")
                .doesNotContain("h4 starts")
                .containsPattern("suffers (CUT|MUTE)\n")
                .doesNotContainPattern("suffers (?!CUT|MUTE)");
    }

    private String trace() {
        return folder.resolve("trace").toString();
    }

    /** A clock that moves on by 20 seconds each time it is read. */
    private static InstantSource hasty() {
        Instant[] now = {Instant.EPOCH};
        return () -> now[0] = now[0].plus(Duration.ofSeconds(20));
    }

    private int run(InstantSource clock, String... arguments) {
        return SimulationRun.run(List.of(arguments), stream(out), stream(err), clock);
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }
}
