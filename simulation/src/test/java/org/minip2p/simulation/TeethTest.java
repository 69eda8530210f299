package org.minip2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the simulation finds the faults that it is made for. Each test puts one fault back into the library and runs
 * the simulation in a separate process. {@code -Dteeth=all} puts back all faults, which takes minutes.
 */
class TeethTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int FIRST = 1;

    @TempDir
    private Path folder;

    private static List<PutBackFault> all() {
        try (InputStream list = TeethTest.class.getResourceAsStream("/faults.txt")) {
            assertThat(list).isNotNull();
            return PutBackFault.read(new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<PutBackFault> wanted() {
        boolean isAll = "all".equals(System.getProperty("teeth"));
        return all().stream().filter(each -> isAll || each.isQuick());
    }

    @ParameterizedTest
    @MethodSource("wanted")
    void findsAFaultThatIsPutBack(PutBackFault fault) throws Exception {
        compile(fault.putBack(ROOT));

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-XX:+UseSerialGC",
                        "-Dslf4j.provider=" + SimulationLogs.class.getName(),
                        "-cp",
                        folder + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                        SimulationRun.class.getName(),
                        "--first",
                        Integer.toString(FIRST),
                        "--seeds",
                        Integer.toString(fault.seeds()),
                        "--until-failure")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor())
                .as("found within %d seeds: %s", fault.seeds(), said)
                .isEqualTo(1);
        assertThat(said.lines().filter(line -> line.startsWith("FAULT ")))
                .as("the faults of the seed that fails")
                .anyMatch(line -> fault.says().matcher(line).find());
    }

    private void compile(Map<String, String> sources) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve(Path.of(source.getKey()).getFileName());
            files.add(Files.writeString(file, source.getValue()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean isCompiled = compiler.getTask(
                            messages,
                            manager,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-nowarn",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    folder.toString()),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(isCompiled).as("%s", messages).isTrue();
        }
    }

    /** A list that no longer fits the sources proves nothing. */
    @Test
    void everyFaultAppliesToTheSourcesAsTheyAre() throws IOException {
        List<PutBackFault> faults = all();

        for (PutBackFault fault : faults) {
            assertThat(fault.putBack(ROOT)).isNotEmpty();
            assertThat(fault.seeds()).isPositive();
            assertThat(fault.says().pattern()).isNotEmpty();
        }
        assertThat(faults).hasSizeGreaterThanOrEqualTo(10).anyMatch(PutBackFault::isQuick);
    }

    @Test
    void saysThatAFaultDoesNotApplyAnyMore() throws IOException {
        Files.writeString(folder.resolve("A.java"), "one\ntwo\ntwo\n");
        PutBackFault gone = PutBackFault.read(List.of("== gone", "in: A.java", "-three", "+four"))
                .get(0);
        PutBackFault twice =
                PutBackFault.read(List.of("== twice", "in: A.java", "-two")).get(0);
        PutBackFault once = PutBackFault.read(List.of("== once", "in: A.java", "-one", "+1", "-two", "-two"))
                .get(0);

        assertThatThrownBy(() -> gone.putBack(folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"gone\" does not apply to A.java")
                .hasMessageContaining("nowhere")
                .hasMessageContaining("three");
        assertThatThrownBy(() -> twice.putBack(folder)).hasMessageContaining("more than once");
        assertThat(once.putBack(folder)).containsEntry("A.java", "1\n");
    }

    @Test
    void saysWhatItDoesNotUnderstandInTheList() {
        assertThatThrownBy(() -> PutBackFault.read(List.of("seeds: 1")))
                .hasMessage("expected \"== \" and a name, got \"seeds: 1\"");
        assertThatThrownBy(() -> PutBackFault.read(List.of("== a", "tooth: 1")))
                .hasMessage("not understood in \"a\": tooth: 1");
        assertThatThrownBy(() -> PutBackFault.read(List.of("== a", "seeds: 1")))
                .hasMessage("expected a change in \"a\", got none");
    }
}
