package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.PageSection;

/** The texts on the page that come with the results of a run are those of the sources. */
class InteropPageTest {
    private static final Path PAGE = Path.of("../docs/interop.md");

    @Test
    void thePageHasTheTexts() throws IOException {
        String page = Files.readString(PAGE);
        String written = PageSection.replace(page, InteropPage.DIFFERENCES_NAME, InteropPage.differences());
        written = PageSection.replace(written, InteropPage.CHANGES_NAME, InteropPage.CHANGES);
        if (Boolean.getBoolean("pages.write")) {
            Files.writeString(PAGE, written);
            page = written;
        }

        assertThat(page)
                .as("run the tests of this module with -Dpages.write=true to write it again")
                .isEqualTo(written)
                .contains(ForkPage.TEXT);
    }
}
