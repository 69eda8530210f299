package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A section of a page is found, replaced and appended, and nothing else changes. */
class PageSectionTest {

    private static final String PAGE = "# Page\n\n## First\n\none\n\n### Part\n\ntwo\n\n## Second\n\nthree\n";

    @Test
    void endsBeforeTheNextHeadingOfItsLevel() {
        assertThat(PageSection.of(PAGE, "First")).isEqualTo("## First\n\none\n\n### Part\n\ntwo\n");
        assertThat(PageSection.of(PAGE, "Second")).isEqualTo("## Second\n\nthree\n");
        assertThat(PageSection.of(PAGE, "Sec")).isEmpty();
        assertThat(PageSection.of("", "First")).isEmpty();
    }

    @Test
    void isReplacedInItsPlace() {
        assertThat(PageSection.replace(PAGE, "First", "new"))
                .isEqualTo("# Page\n\n## First\n\nnew\n\n## Second\n\nthree\n");
        assertThat(PageSection.replace(PAGE, "Second", "new"))
                .isEqualTo("# Page\n\n## First\n\none\n\n### Part\n\ntwo\n\n## Second\n\nnew\n");
    }

    @Test
    void isAppendedWhenThePageHasNone() {
        String page = PageSection.replace(PAGE, "Third", "four\n");

        assertThat(page).isEqualTo(PAGE + "\n## Third\n\nfour\n");
        assertThat(PageSection.replace(page, "Third", "four")).isEqualTo(page);
    }
}
