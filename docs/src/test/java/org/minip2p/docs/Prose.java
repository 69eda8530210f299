package org.minip2p.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of phrases that make a reader stop. Finds them in pages and in Javadoc. */
record Prose(List<Phrase> phrases) {
    private static final String LIST = "prose/phrases.tsv";

    /** Code blocks, code spans, link targets and comments of a page. */
    private static final Pattern CODE_IN_PAGE =
            Pattern.compile("(?ms)^```.*?^```|(?<=\\n\\n)(?: {4}[^\\n]*\\n)+|`[^`]*`|\\]\\([^)]*\\)|<!--.*?-->");

    /** Code and links in Javadoc. The text of a link counts as code, too. */
    private static final Pattern CODE_IN_JAVADOC =
            Pattern.compile("(?s)<pre>.*?</pre>|\\{@(?:code|link|literal|snippet)\\b[^}]*}|<a href.*?>");

    private static final Pattern JAVADOC = Pattern.compile("(?s)/\\*\\*.*?\\*/");
    private static final Pattern START_OF_LINE = Pattern.compile("(?m)^ +\\* ?");

    /**
     * A phrase that we do not use.
     *
     * @param pattern the regular expression of the phrase; a space stands for any white space
     * @param instead what to write instead
     * @param why what is wrong with the phrase
     * @param example a sentence that contains it
     */
    record Phrase(Pattern pattern, String instead, String why, String example) {
        static Phrase parse(String line) {
            String[] column = line.split("\t", -1);
            if (column.length != 4) {
                throw new IllegalArgumentException(LIST + ": expected 4 columns, got " + column.length + ": " + line);
            }
            Pattern pattern =
                    Pattern.compile("\\b(?:" + column[0].replace(" ", "\\s+") + ")\\b", Pattern.CASE_INSENSITIVE);
            return new Phrase(pattern, column[1], column[2], column[3]);
        }
    }

    static Prose load() throws IOException {
        try (InputStream in = Prose.class.getClassLoader().getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException(LIST + " is missing");
            }
            return new Prose(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Phrase::parse)
                    .toList());
        }
    }

    /** Finds the phrases in a Markdown page. Each result is a line that names the file and the line number. */
    List<String> findInPage(String file, String page) {
        return find(file, blank(CODE_IN_PAGE, page));
    }

    /** Finds the phrases in the Javadoc of a Java source. Ignores other comments and code. */
    List<String> findInJavadoc(String file, String source) {
        StringBuilder comments = new StringBuilder();
        Matcher javadoc = JAVADOC.matcher(source);
        int end = 0;
        while (javadoc.find()) {
            comments.append(blanks(source.substring(end, javadoc.start())));
            comments.append(blank(START_OF_LINE, blank(CODE_IN_JAVADOC, javadoc.group())));
            end = javadoc.end();
        }
        return find(file, comments.toString());
    }

    private List<String> find(String file, String text) {
        List<String> found = new ArrayList<>();
        for (Phrase phrase : phrases) {
            Matcher matcher = phrase.pattern().matcher(text);
            while (matcher.find()) {
                long line = 1
                        + text.substring(0, matcher.start())
                                .chars()
                                .filter(character -> character == '\n')
                                .count();
                found.add("%s:%d: \"%s\": write %s (%s)"
                        .formatted(
                                file, line, matcher.group().replaceAll("\\s+", " "), phrase.instead(), phrase.why()));
            }
        }
        return found;
    }

    /** Replaces each match by blanks, so that line numbers do not change. */
    private static String blank(Pattern pattern, String text) {
        return pattern.matcher(text).replaceAll(match -> blanks(match.group()));
    }

    private static String blanks(String text) {
        return text.replaceAll("[^\\n]", " ");
    }
}
