package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts check their arguments before they build anything. */
class ScriptsTest {
    private static final File ROOT = new File("..");
    private static final int LIMIT_SECONDS = 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interop/run",
                "interop/run forks",
                "interop/run record",
                "benchmarks/run",
                "simulation/run",
                "attacks/run",
                "attacks/soak",
                "examples/run",
                "./fuzz",
                "./mutation"
            })
    void showTheirUsageAndRefuseWhatTheyDoNotKnow(String script) throws Exception {
        assertThat(exitCode(script, "--help")).isZero();
        assertThat(read("out")).startsWith("usage: ");
        assertThat(read("err")).isEmpty();

        assertThat(exitCode(script, "--frob")).isEqualTo(2);
        assertThat(read("out")).isEmpty();
        assertThat(read("err")).isNotEmpty();
    }

    @Test
    void refuseAnOptionWithoutItsValue() throws Exception {
        assertThat(exitCode("interop/run", "--case")).isEqualTo(2);
        assertThat(read("err")).startsWith("interop/run: --case needs a value\nusage: ");
    }

    /** Without a Java, so that nothing can be built. */
    private int exitCode(String script, String argument) throws Exception {
        List<String> command = new ArrayList<>(Arrays.asList(script.split(" ")));
        command.set(0, new File(ROOT, command.get(0)).getCanonicalPath());
        command.add(argument);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(ROOT)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("JAVA_HOME", folder.toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("it ends")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private String read(String name) throws Exception {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }
}
