package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.PageSection;

/** The page describes the public tests as they are. */
class PublicPageTest {
    private static final Path PAGE = Path.of("../docs/interop.md");
    private static final Path CLI_TESTS = Path.of("../cli/src/test/java/org/minip2p/cli");
    private static final Pattern SHOWN = Pattern.compile("shown '([^']*)'");

    @Test
    void thePageHasTheSection() throws IOException {
        String page = Files.readString(PAGE);
        String written = PageSection.replace(page, PublicPage.NAME, PublicPage.text());
        if (Boolean.getBoolean("pages.write")) {
            Files.writeString(PAGE, written);
            page = written;
        }

        assertThat(page)
                .as("run the tests of this module with -Dpages.write=true to write it again")
                .isEqualTo(written);
    }

    @Test
    void eachClauseIsThereOnce() {
        assertThat(PublicClause.ALL.stream().map(PublicClause::id))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50)
                        .mapToObj(number -> "UNI-" + number)
                        .toList());
    }

    @Test
    void eachTestThatIsNamedExists() throws IOException {
        for (PublicClause clause : PublicClause.ALL) {
            for (String test : clause.tests()) {
                String[] name = test.split("\\.", -1);

                assertThat(CLI_TESTS.resolve(name[0] + ".java"))
                        .as(clause.id())
                        .content()
                        .contains("void " + name[1] + "(");
            }
        }
    }

    @Test
    void theScriptShowsTheClausesThatItIsNamedFor() throws IOException {
        StringBuilder shown = new StringBuilder(" ");
        Matcher matcher = SHOWN.matcher(Files.readString(Path.of("public-contract")));
        while (matcher.find()) {
            shown.append(matcher.group(1)).append(' ');
        }

        assertThat(shown.toString().trim().split(" ", -1))
                .containsExactlyInAnyOrderElementsOf(PublicClause.ALL.stream()
                        .filter(PublicClause::inPublicContract)
                        .map(PublicClause::id)
                        .toList());
    }
}
