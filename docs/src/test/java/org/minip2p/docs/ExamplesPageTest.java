package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExamplesPageTest {
    private static final Path PAGE = Path.of("examples.md");
    private static final Path SOURCES = Path.of("../examples/src/main/java/org/minip2p/examples");

    /** A row of the table: the name of an example, the name in its link, and its number of lines. */
    private static final Pattern ROW = Pattern.compile(
            "(?m)^(\\| \\[`(\\w+)`]\\(\\.\\./examples/src/main/java/org/minip2p/examples/(\\w+)\\.java\\) \\|"
                    + " )(\\d+)(?= \\|)");

    /** A heading that names an example, or a block of code. */
    private static final Pattern HEADING_OR_CODE = Pattern.compile("(?ms)^## `(\\w+)`.*?$|^```java\\n(.*?)^```$");

    @Test
    void theTableHasEveryExampleAndItsLines() throws IOException {
        String page = Files.readString(PAGE);
        if (Boolean.getBoolean("pages.write")) {
            page = ROW.matcher(page).replaceAll(row -> Matcher.quoteReplacement(row.group(1) + lines(row.group(2))));
            Files.writeString(PAGE, page);
        }

        List<MatchResult> rows = ROW.matcher(page).results().toList();

        assertThat(rows).extracting(row -> row.group(2)).containsExactlyInAnyOrderElementsOf(examples());
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.group(3)).isEqualTo(row.group(2));
            assertThat(row.group(4))
                    .as(row.group(2) + ": run mvn -Pformat verify to write it again")
                    .isEqualTo(String.valueOf(lines(row.group(2))));
        });
    }

    @Test
    void whatThePageQuotesStandsInTheProgram() throws IOException {
        List<String> quoted = new ArrayList<>();
        String example = "";
        for (MatchResult found :
                HEADING_OR_CODE.matcher(Files.readString(PAGE)).results().toList()) {
            if (found.group(1) != null) {
                example = found.group(1);
            } else {
                String quote = found.group(2).stripIndent().stripTrailing();
                assertThat(standsIn(source(example), quote))
                        .as("%s has these lines:%n%s", example, quote)
                        .isTrue();
                quoted.add(example);
            }
        }

        assertThat(quoted)
                .contains("WorldClock", "Chat", "FileTransfer", "HttpOverStreams", "Tunnel", "Relay", "SsvNode");
    }

    /** Whether the text consists of consecutive lines of the source. Ignores the common indentation of these lines. */
    private static boolean standsIn(List<String> source, String quote) {
        int length = (int) quote.lines().count();
        return IntStream.rangeClosed(0, source.size() - length)
                .mapToObj(from -> String.join("\n", source.subList(from, from + length)))
                .anyMatch(lines -> lines.stripIndent().equals(quote));
    }

    private static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .toList();
        }
    }

    private static List<String> source(String example) {
        try {
            return Files.readAllLines(SOURCES.resolve(example + ".java"));
        } catch (IOException e) {
            throw new AssertionError("no such example: " + example, e);
        }
    }

    /** Counts the lines that a reader reads: no blank lines and no imports. */
    private static long lines(String example) {
        return source(example).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("import "))
                .count();
    }
}
