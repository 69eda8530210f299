package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theFirstProgramCompilesAndRunsAsItStands(@TempDir Path dir) throws Exception {
        Matcher block = PROGRAM.matcher(Files.readString(Path.of("../README.md")));
        assertThat(block.find()).isTrue();
        String program = block.group(1);
        Path source = Files.writeString(dir.resolve("FirstProgram.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

        int compiled = compiler.run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                dir.toString(),
                source.toString());

        assertThat(compiled).isZero();
        assertThat(run(dir)).contains("12D3KooW", " says hello");
        assertThat(program.lines().filter(line -> !line.isBlank() && !line.startsWith("import ")))
                .hasSizeLessThan(40);
    }

    private static String run(Path classes) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("FirstProgram").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
