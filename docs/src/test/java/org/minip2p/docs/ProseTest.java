package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProseTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path TEMPLATE = PROJECT.resolve(
            Path.of("benchmarks", "src", "main", "resources", "org", "minip2p", "benchmarks", "page.md"));
    private static final List<String> LIBRARIES = List.of(
            "core",
            "transport",
            "multistream",
            "security-noise",
            "muxer-yamux",
            "host",
            "protocols",
            "handshake",
            "metrics");

    @Test
    void noPageHasAPhraseOfTheList() throws IOException {
        Prose prose = Prose.load();
        List<Path> pages = new ArrayList<>(files(Path.of("."), 1, ".md"));
        pages.addAll(files(PROJECT, 1, ".md"));
        pages.addAll(files(PROJECT.resolve("interop"), 1, ".md"));
        pages.addAll(files(PROJECT.resolve(Path.of("interop", "peers")), 1, ".md"));
        pages.addAll(files(PROJECT.resolve(Path.of("benchmarks", "src", "main", "resources")), 20, ".md"));
        assertThat(pages).hasSizeGreaterThan(23).contains(TEMPLATE);

        List<String> found = new ArrayList<>();
        for (Path page : pages) {
            found.addAll(prose.findInPage(page.toString(), Files.readString(page)));
        }

        assertThat(found).isEmpty();
    }

    @Test
    void noJavadocOfALibraryHasAPhraseOfTheList() throws IOException {
        Prose prose = Prose.load();
        List<String> found = new ArrayList<>();

        for (String library : LIBRARIES) {
            List<Path> sources = files(PROJECT.resolve(library).resolve("src/main/java"), 20, ".java");
            assertThat(sources).as(library).isNotEmpty();
            for (Path source : sources) {
                found.addAll(prose.findInJavadoc(source.toString(), Files.readString(source)));
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void eachPhraseIsFoundInItsExample() throws IOException {
        for (Prose.Phrase phrase : Prose.load().phrases()) {
            assertThat(phrase.pattern().matcher(phrase.example()).find())
                    .as(phrase.pattern() + " in: " + phrase.example())
                    .isTrue();
        }
    }

    @Test
    void saysWhereAPhraseIsAlsoAcrossLines() throws IOException {
        Prose prose = Prose.load();

        assertThat(prose.findInPage("page.md", "# Title\n\nA dial is under\nway.\n"))
                .singleElement()
                .asString()
                .startsWith("page.md:3: \"under way\": write pending");
        assertThat(prose.findInJavadoc("A.java", "package a;\n\n/**\n * A dial is under\n * way.\n */\nclass A {}\n"))
                .singleElement()
                .asString()
                .startsWith("A.java:4: \"under way\": write pending");
    }

    @Test
    void looksAtNoCode() throws IOException {
        Prose prose = Prose.load();

        assertThat(prose.findInPage(
                        "page.md",
                        "`under way` and [this](under way).\n\n```\nunder way\n```\n\nAnd:\n\n    under way\n\nEnd.\n"))
                .isEmpty();
        assertThat(prose.findInJavadoc(
                        "A.java", "/** See {@code under way}. */\nclass A {\n    String state = \"under way\";\n}\n"))
                .isEmpty();
    }

    private static List<Path> files(Path folder, int depth, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder, depth)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
