package org.minip2p.core.testing;

/**
 * A section of a Markdown page: from a second-level heading to the next one, or to the end of the page. It keeps the
 * results of one run on a page that another run writes.
 */
public final class PageSection {
    private static final String HEADING = "## ";

    private PageSection() {}

    /** The section of this name with its heading; empty if the page has no such section. */
    public static String of(String page, String name) {
        int begin = begin(page, name);
        return begin < 0 ? "" : page.substring(begin, end(page, begin)).stripTrailing() + "\n";
    }

    /**
     * The page with this section. It replaces a section of the same name, or is added at the end.
     *
     * @param text the text of the section, without the heading
     */
    public static String replace(String page, String name, String text) {
        String section = HEADING + name + "\n\n" + text.strip() + "\n";
        int begin = begin(page, name);
        if (begin < 0) {
            return page.stripTrailing() + "\n\n" + section;
        }
        String rest = page.substring(end(page, begin));
        return page.substring(0, begin) + section + (rest.isEmpty() ? "" : "\n" + rest);
    }

    private static int begin(String page, String name) {
        String heading = "\n" + HEADING + name + "\n";
        return ("\n" + page).indexOf(heading);
    }

    private static int end(String page, int begin) {
        int next = page.indexOf("\n" + HEADING, begin);
        return next < 0 ? page.length() : next + 1;
    }
}
