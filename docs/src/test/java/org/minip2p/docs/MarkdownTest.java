package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MarkdownTest {
    private static final Path PROJECT = Path.of("..");

    /** Written into {@code docs/benchmarks.md}, so its links start there. */
    private static final Path TEMPLATE = PROJECT.resolve(
            Path.of("benchmarks", "src", "main", "resources", "org", "minip2p", "benchmarks", "page.md"));

    private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git");

    private static final Map<Path, Markdown> PAGES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        Files.walkFileTree(PROJECT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(".md")) {
                    PAGES.put(file.normalize(), new Markdown(file.normalize().toString(), Files.readString(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(PAGES).hasSizeGreaterThan(25).containsKey(TEMPLATE);
    }

    @Test
    void tablesAreWhole() {
        assertThat(problems(Markdown::problemsOfTables)).isEmpty();
    }

    @Test
    void noHeadingContainsAParagraph() {
        assertThat(problems(Markdown::problemsOfHeadings)).isEmpty();
    }

    @Test
    void eachCommandHasItsOwnLine() {
        assertThat(problems(Markdown::problemsOfCommands)).isEmpty();
    }

    @Test
    void eachLinkLeadsToAFileAndToAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Map.Entry<Path, Markdown> entry : PAGES.entrySet()) {
            Path page = entry.getKey();
            Path folder = page.equals(TEMPLATE) ? PROJECT.resolve("docs") : page.resolveSibling(".");
            for (Markdown.Link link : entry.getValue().links()) {
                Path target = link.target().isEmpty()
                        ? page
                        : folder.resolve(link.target()).normalize();
                if (!Files.exists(target)) {
                    broken.add("%s:%d: %s does not exist".formatted(page, link.line(), target));
                } else if (link.anchor() != null && !anchors(target).contains(link.anchor())) {
                    broken.add("%s:%d: %s has no heading #%s".formatted(page, link.line(), target, link.anchor()));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static Set<String> anchors(Path page) throws IOException {
        return new Markdown(page.toString(), Files.readString(page)).anchors();
    }

    @Test
    void findsBrokenTables() {
        assertThat(page("| a | b |", "|---|:--|", "| `x\\|y` | \\| |", "| | |", "", "text")
                        .problemsOfTables())
                .isEmpty();
        assertThat(page("```", "| a", "```").problemsOfTables()).isEmpty();

        assertThat(page("| a | b |", "|---|---|", "| 1 |").problemsOfTables())
                .containsExactly("page.md:3: expected 2 cells, got 1: | 1 |");
        assertThat(page("| a | b |", "|---|---|", "| `1|1` | 2 |").problemsOfTables())
                .containsExactly("page.md:3: expected 2 cells, got 3: | `1|1` | 2 |");
        assertThat(page("| a | b |", "|---|---|", "| 1 | 2", "2 |").problemsOfTables())
                .containsExactly(
                        "page.md:3: a row begins and ends with |: | 1 | 2",
                        "page.md:4: a row begins and ends with |: 2 |");
        assertThat(page("| a |", "| 1 |").problemsOfTables())
                .containsExactly("page.md:1: a table without a delimiter row: | a |");
    }

    @Test
    void findsLongHeadings() {
        assertThat(page("# " + "a".repeat(98)).problemsOfHeadings()).isEmpty();
        assertThat(page("# " + "a".repeat(99)).problemsOfHeadings()).hasSize(1);
    }

    @Test
    void findsCommandsInTheMiddleOfALine() {
        String two = "./fuzz # all of it ./fuzz --no-build";

        assertThat(page("```", two, "```").problemsOfCommands())
                .containsExactly("page.md:2: ./fuzz is a command in the middle of a line: " + two);
        assertThat(page("Run", "", "    ./fuzz", "    " + two).problemsOfCommands())
                .hasSize(1);
        assertThat(page("# Run", "    " + two).problemsOfCommands()).hasSize(1);
        assertThat(page("Run", "", "    10 min each ./fuzz").problemsOfCommands())
                .hasSize(1);

        assertThat(page("Run", "    " + two, "- Run", "", "    " + two, "```java", two, "```")
                        .problemsOfCommands())
                .isEmpty();
        assertThat(page("```", "simulation/run # seeds", "docker build -f interop/perf/Dockerfile .", "```")
                        .problemsOfCommands())
                .isEmpty();
    }

    @Test
    void findsLinksOfTheText() {
        assertThat(page("[a](b.md#c), `[d](e)`, [`f`](g)", "[h](#i) [j](https://k/l)", "```", "[m](n)", "```")
                        .links())
                .containsExactly(
                        new Markdown.Link(1, "b.md", "c"),
                        new Markdown.Link(1, "g", null),
                        new Markdown.Link(2, "", "i"));
    }

    @Test
    void namesTheAnchorsAsGitHubDoes() {
        assertThat(page(
                                "# A b",
                                "## As `rust … --anchor`",
                                "## Is it? [Yes](b.md), é_1",
                                "## A b",
                                "```",
                                "# no",
                                "```")
                        .anchors())
                .containsExactly("a-b", "as-rust----anchor", "is-it-yes-é_1", "a-b-1");
    }

    private static Markdown page(String... lines) {
        return new Markdown("page.md", String.join("\n", lines));
    }

    private static List<String> problems(Function<Markdown, List<String>> rule) {
        return PAGES.values().stream()
                .flatMap(page -> rule.apply(page).stream())
                .toList();
    }
}
