package org.minip2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whole hosts with many seeds. */
class SimulationTest {
    /** The number of seeds in each build. The {@code simulation/run} command runs others. */
    private static final int SEEDS = 40;

    /** Within this number of seeds, everything that can happen happens. */
    private static final int SOME = 20;

    private static final long SEED = 4;

    @TempDir
    private Path folder;

    @Test
    void leavesNothingBehindWhateverTheSeed() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Outcome outcome = new Simulation(seed, Scenario.ANY, null).run();

            assertThat(outcome.faults())
                    .as("simulation/run --seed %d\n%s", seed, outcome.tail())
                    .isEmpty();
        }
    }

    @Test
    void doesTheSameAgainUnderTheSameSeed() {
        List<String> once = new ArrayList<>();
        List<String> again = new ArrayList<>();

        Outcome first = new Simulation(SEED, Scenario.ANY, once::add).run();
        Outcome second = new Simulation(SEED, Scenario.ANY, again::add).run();

        assertThat(again).isEqualTo(once);
        assertThat(second.hash()).isEqualTo(first.hash());
        assertThat(new Simulation(SEED + 1, Scenario.ANY, null).run().hash()).isNotEqualTo(first.hash());
    }

    @Test
    void doesSomething() {
        List<String> lines = new ArrayList<>();
        int connections = 0;

        for (long seed = 1; seed <= SOME; seed++) {
            Outcome outcome = new Simulation(seed, Scenario.ANY, lines::add).run();
            connections += outcome.connections();
            assertThat(outcome.simulatedNanos()).isGreaterThan(TimeUnit.MINUTES.toNanos(10));
        }

        assertThat(connections).isGreaterThan(SOME);
        assertThat(lines)
                .anyMatch(line -> line.endsWith("handshake Completed"))
                .anyMatch(line -> line.contains(" pings is done"))
                .anyMatch(line ->
                        line.matches(".* connection \\d+ writes data SYN of stream \\d+, \\d+, /ssv/info/0.0.1"))
                .anyMatch(line -> line.matches(".* connection \\d+ reads data FIN of stream \\d+, \\d+"))
                .anyMatch(line -> line.endsWith(" addresses in vain"))
                .anyMatch(line -> line.contains(" came back: "))
                .anyMatch(line -> line.contains(" got the end"))
                .anyMatch(line -> line.contains(" got a reset"));
        for (Fault fault : Fault.values()) {
            assertThat(lines).anyMatch(line -> line.endsWith(" suffers " + fault));
        }
    }

    /**
     * Some faults show only in another process: hash codes, and the order of sets, can differ from process to process.
     */
    @Test
    void doesTheSameInAnotherProcess() throws Exception {
        Path here = folder.resolve("here");
        Path there = folder.resolve("there");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream sink = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> arguments = List.of("--seed", Long.toString(SEED), "--trace");

        int code = SimulationRun.run(with(arguments, here), sink, sink, InstantSource.system());
        Process other = new ProcessBuilder(with(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Dslf4j.provider=" + SimulationLogs.class.getName(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SimulationRun.class.getName(),
                                "--seed",
                                Long.toString(SEED),
                                "--trace"),
                        there))
                .redirectErrorStream(true)
                .start();
        String others = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(code).as("here: %s", said).isZero();
        assertThat(other.waitFor()).as("there: %s", others).isZero();
        assertThat(here).isNotEmptyFile();
        assertThat(there).hasSameBinaryContentAs(here);
    }

    private static List<String> with(List<String> arguments, Path file) {
        List<String> all = new ArrayList<>(arguments);
        all.add(file.toString());
        return all;
    }
}
