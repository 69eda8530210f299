package org.minip2p.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    private static final String ONE_METHOD = "public class A { public void m() {} }";
    private static final String TWO_METHODS = "public class A { public void m() {} public void n() {} }";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void stage() throws IOException {
        Files.createDirectories(folder.resolve("lib"));
        stage("0.9.0", ONE_METHOD);
    }

    @Test
    void theSameLibrariesAreClean() throws IOException {
        library("0.9.0", ONE_METHOD);

        assertThat(run("0.9.0")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("minip2p-a 0.9.0 -> 0.9.0: the API has not changed\n");
    }

    @Test
    void whatIsIncompatibleNeedsAnotherVersion() throws IOException {
        library("0.9.0", "public class A { }");

        assertThat(run("0.9.0")).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("  incompatible: a.A.m(): method removed\n");
        assertThat(err.toString(UTF_8)).contains("make the next version 0.10.0");
    }

    @Test
    void aMinorVersionMayBeIncompatible() throws IOException {
        library("0.10.0", "public class A { }");

        assertThat(run("0.10.0")).isZero();
        assertThat(out.toString(UTF_8)).contains("  incompatible: a.A.m(): method removed\n");
    }

    @Test
    void anAdditionIsListed() throws IOException {
        library("0.9.0", TWO_METHODS);

        assertThat(run("0.9.0")).isZero();
        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        "minip2p-a 0.9.0 -> 0.9.0: 0 incompatible, 1 compatible changes\n  addition: a.A.n(): new\n");
    }

    @Test
    void aPatchVersionAddsNothing() throws IOException {
        library("0.9.1", TWO_METHODS);

        assertThat(run("0.9.1")).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("a patch version does not change the API", "next version 0.10.0");
    }

    @Test
    void aLibraryThatIsGoneIsIncompatible() {
        assertThat(run("0.9.0")).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("  incompatible: library minip2p-a: removed\n");
    }

    @Test
    void theLatestOfSeveralReleasesCounts() throws IOException {
        stage("0.10.0", TWO_METHODS);
        library("0.10.0", TWO_METHODS);

        assertThat(run("0.10.0")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("minip2p-a 0.10.0 -> 0.10.0: the API has not changed\n");
    }

    @Test
    void whatIsNoReleaseIsSaid() {
        assertThat(new Compare(print(out), print(err))
                        .run(folder.resolve("lib").toString(), folder.toString(), "0.9.0"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .startsWith("release/compare: expected a staged release, but there is no minip2p-bom");
    }

    @Test
    void aReleaseThatIsLaterIsSaid() {
        assertThat(run("0.8.0")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).isEqualTo("release/compare: expected a version not below 0.9.0, got 0.8.0\n");
    }

    @Test
    void theInterfacesThatOnlyTheHostImplementsAreThoseThatThePageNames() throws IOException {
        String page = Files.readString(Path.of("..", "..", "docs", "versions.md"));

        assertThat(TypeChanges.IMPLEMENTED_BY_THE_HOST)
                .allSatisfy(name -> assertThat(page).contains('`' + name.substring(name.lastIndexOf('.') + 1) + '`'));
    }

    private void stage(String version, String type) throws IOException {
        Path group = folder.resolve("staged/org/minip2p");
        Files.createDirectories(group.resolve("minip2p-bom").resolve(version));
        jar(group.resolve("minip2p-a").resolve(version), version, type);
    }

    private void library(String version, String type) throws IOException {
        jar(folder.resolve("lib"), version, type);
    }

    private static void jar(Path folder, String version, String type) throws IOException {
        Compiled.jar(
                folder.resolve("minip2p-a-" + version + ".jar"),
                Map.of("module-info.java", "module a { exports a; }", "a/A.java", "package a; " + type));
    }

    private int run(String version) {
        return new Compare(print(out), print(err))
                .run(folder.resolve("staged").toString(), folder.resolve("lib").toString(), version);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }
}
