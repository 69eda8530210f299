package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SecurityPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (SEC-\\w+) \\|.*$");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:\\.\\w+)*Test\\.\\w+)`");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        ProjectTests tests = ProjectTests.load();
        List<String> named = TEST.matcher(Files.readString(Path.of("security.md")))
                .results()
                .map(result -> result.group(1))
                .toList();

        assertThat(named).hasSizeGreaterThan(40).allMatch(tests::has);
    }

    @Test
    void everyRowNamesATestOrSaysWhyNot() throws IOException {
        List<MatchResult> rows =
                ROW.matcher(Files.readString(Path.of("security.md"))).results().toList();

        assertThat(rows).extracting(row -> row.group(1)).doesNotHaveDuplicates();
        assertThat(rows)
                .allMatch(row -> TEST.matcher(row.group()).find() || row.group().contains("does not apply"));
    }
}
