package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.PageSection;

/** The page keeps the results of one run when another run writes it again. */
class ForkPageTest {
    private static final String PAGE = "# Page\n\n## First\n\none\n";

    @Test
    void isKeptByAPageThatIsWrittenAnew() {
        String page = PageSection.replace(PageSection.replace(PAGE, ForkPage.CONTROL, "c"), ForkPage.NAME, "f");

        assertThat("# New\n" + ForkPage.sectionsOf(page))
                .isEqualTo("# New\n\n## " + ForkPage.NAME + "\n\nf\n\n## " + ForkPage.CONTROL + "\n\nc\n");
        assertThat(ForkPage.sectionsOf(PAGE)).isEmpty();
    }
}
