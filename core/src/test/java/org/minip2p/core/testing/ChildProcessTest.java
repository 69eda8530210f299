package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ChildProcess.Stderr;

/** With shell scripts that behave well or badly. */
class ChildProcessTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void givesEachLineOnceAndThenTheEnd() throws IOException {
        try (ChildProcess<String> process = shell("echo one; echo; echo three", Stderr.KEEP)) {
            assertThat(process.nextLine(LONG)).contains("one");
            assertThat(process.nextLine(LONG)).contains("");
            assertThat(process.nextLine(LONG)).contains("three");
            assertThat(process.nextLine(LONG)).isEmpty();
        }
    }

    @Test
    void takesTheFirstLineThatMatchesAndLeavesTheOthers() throws IOException {
        try (ChildProcess<String> process = shell("echo a1; echo b1; echo a2", Stderr.KEEP)) {
            assertThat(process.await("b", line -> line.startsWith("b"), LONG)).isEqualTo("b1");
            assertThat(process.awaitLine(LONG)).isEqualTo("a1");
            assertThat(process.awaitLine(LONG)).isEqualTo("a2");
        }
    }

    @Test
    void givesTheLastLineWhenTheOutputHasEnded() throws IOException {
        try (ChildProcess<String> process = shell("echo first; read word; echo \"$word\"", Stderr.DISCARD)) {
            process.send("last");

            assertThat(process.awaitLastLine(LONG)).isEqualTo("last");
        }
    }

    @Test
    void tellsTheExitCode() throws IOException {
        try (ChildProcess<String> process = shell("exit 3", Stderr.KEEP)) {
            assertThat(process.awaitExit(LONG)).isEqualTo(3);
        }
    }

    @Test
    void readsStderrAsStdoutWhereTheyAreMerged() throws IOException {
        try (ChildProcess<String> process = shell("echo wrong >&2", Stderr.MERGE)) {
            assertThat(process.awaitLine(LONG)).isEqualTo("wrong");
        }
    }

    @Test
    void keepsStderrOutOfTheLinesAndShowsItWhenTheProcessDies() throws IOException {
        try (ChildProcess<String> process = shell("echo 'no such file' >&2; exit 1", Stderr.KEEP)) {
            assertThatThrownBy(() -> process.awaitLine(LONG))
                    .isInstanceOf(ChildProcess.Failure.class)
                    .hasMessageContaining("test ended without line")
                    .hasMessageContaining("no such file");
        }
    }

    @Test
    void givesUpAtEachDeadline() throws IOException {
        Duration deadline = Duration.ofMillis(50);
        try (ChildProcess<String> process = shell("cat", Stderr.KEEP)) {
            assertThatThrownBy(() -> process.awaitLine(deadline)).hasMessageContaining("gave no line within 50 ms");
            assertThatThrownBy(() -> process.nextLine(deadline)).hasMessageContaining("gave no line within 50 ms");
            assertThatThrownBy(() -> process.awaitLastLine(deadline))
                    .hasMessageContaining("gave no result within 50 ms");
            assertThatThrownBy(() -> process.awaitExit(deadline)).hasMessageContaining("has not ended within 50 ms");
        }
    }

    @Test
    void showsTheObserverWhatCanBeReadAndSkipsTheRest() throws IOException {
        List<Integer> observed = Collections.synchronizedList(new ArrayList<>());
        List<String> command = List.of("/bin/sh", "-c", "echo 1; echo two; echo 3");
        try (ChildProcess<Integer> process =
                ChildProcess.start("test", command, Stderr.KEEP, ChildProcessTest::number, observed::add)) {
            assertThat(process.awaitLastLine(LONG)).isEqualTo(3);

            assertThat(observed).containsExactly(1, 3);
            assertThat(process.lastOutput()).contains("two\n(cannot be read: no number: two)");
        }
    }

    private static int number(String line) throws IOException {
        try {
            return Integer.parseInt(line);
        } catch (NumberFormatException e) {
            throw new IOException("no number: " + line, e);
        }
    }

    @Test
    void stopsAProgramThatReadsItsInputToTheEnd() throws IOException {
        ChildProcess<String> process = shell("cat; echo ended >&2; exit 4", Stderr.KEEP);

        process.close();

        assertThat(process.awaitExit(LONG)).isEqualTo(4);
        assertThat(process.lastOutput()).isEqualTo("ended");
    }

    @Test
    void killsAProgramThatDoesNotStopAndWhatItStarted() throws IOException {
        ChildProcess<String> process = shell("sleep 600 & echo ready; wait", Stderr.INHERIT);
        process.awaitLine(LONG);
        List<ProcessHandle> children = process.handle().descendants().toList();

        process.close();

        assertThat(process.handle().isAlive()).isFalse();
        assertThat(children)
                .isNotEmpty()
                .allSatisfy(
                        child -> child.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    @Test
    void refusesALineForAProcessThatIsGone() throws IOException {
        try (ChildProcess<String> process = shell("exit 0", Stderr.KEEP)) {
            process.awaitExit(LONG);

            assertThatThrownBy(() -> process.send("anybody there"))
                    .isInstanceOf(ChildProcess.Failure.class)
                    .hasMessageContaining("does not take the line anybody there");
        }
    }

    @Test
    void saysWhenThereIsNoSuchProgram() {
        assertThatThrownBy(() -> ChildProcess.start("test", List.of("/no/such/program"), Stderr.KEEP))
                .isInstanceOf(IOException.class);
    }

    private static ChildProcess<String> shell(String script, Stderr stderr) throws IOException {
        return ChildProcess.start("test", List.of("/bin/sh", "-c", script), stderr);
    }
}
