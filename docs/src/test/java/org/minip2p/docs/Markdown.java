package org.minip2p.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Markdown page, as GitHub reads it. Finds what a careless change of its line breaks leaves behind: broken tables,
 * headings that contain a paragraph, and several commands in one line.
 *
 * <p>Each problem is a line that names the file and the line number.
 */
final class Markdown {
    private static final int LONGEST_HEADING = 100;

    private static final Pattern FENCE = Pattern.compile(" *(```|~~~)(.*)");
    private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.*)");
    private static final Pattern LIST_ITEM = Pattern.compile(" *(?:[-*+]|\\d+[.)]) .*");
    private static final Pattern DELIMITER = Pattern.compile("\\|(?: *:?-+:? *\\|)+");
    private static final Set<String> SHELL = Set.of("", "sh", "bash", "shell", "console");

    /** A program of this project, or Maven, where a shell would start it or a comment would name it. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?<!\\S)(?:mvn|\\./(?:minip2p|fuzz|mutation)|(?:attacks|benchmarks|examples|interop|release|simulation)/[a-z-]+)(?!\\S)");

    private static final Pattern CODE_SPAN = Pattern.compile("(`+)[^`](?:.*?[^`])??\\1(?!`)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\(([^)\\s]*)\\)");

    /**
     * A link.
     *
     * @param line the number of its line
     * @param target the file or the address, without the anchor
     * @param anchor the anchor without its {@code #}
     */
    record Link(int line, String target, @Nullable String anchor) {}

    private enum Kind {
        TEXT,
        /** The first or the last line of a fenced block. */
        FENCE,
        SHELL,
        OTHER_CODE
    }

    private record Line(int number, Kind kind, String text) {
        boolean isRow() {
            return kind == Kind.TEXT && text.startsWith("|");
        }

        boolean isBlank() {
            return text.isBlank();
        }
    }

    private final String file;
    private final List<Line> lines = new ArrayList<>();

    Markdown(String file, String page) {
        this.file = file;
        String fence = "";
        Kind inFence = Kind.OTHER_CODE;
        for (String text : page.split("\n", -1)) {
            Matcher matcher = FENCE.matcher(text);
            Kind kind;
            if (matcher.matches() && (fence.isEmpty() || fence.equals(matcher.group(1)))) {
                kind = Kind.FENCE;
                inFence = SHELL.contains(matcher.group(2).strip()) ? Kind.SHELL : Kind.OTHER_CODE;
                fence = fence.isEmpty() ? matcher.group(1) : "";
            } else if (!fence.isEmpty()) {
                kind = inFence;
            } else {
                kind = text.startsWith("    ") && beginsOrContinuesCode() ? Kind.SHELL : Kind.TEXT;
            }
            lines.add(new Line(lines.size() + 1, kind, text));
        }
    }

    /** Whether an indented line is code here: it would otherwise continue a paragraph or an item of a list. */
    private boolean beginsOrContinuesCode() {
        Line last = lines.isEmpty() ? null : lines.get(lines.size() - 1);
        if (last == null
                || last.kind() == Kind.SHELL
                || HEADING.matcher(last.text()).matches()) {
            return true;
        }
        for (int i = lines.size() - 1; i >= 0 && last.isBlank(); i--) {
            Line before = lines.get(i);
            if (!before.isBlank() && !before.text().startsWith(" ")) {
                return !LIST_ITEM.matcher(before.text()).matches();
            }
        }
        return false;
    }

    /**
     * Each row of a table begins and ends with {@code |} and has as many cells as the header. A table has a delimiter
     * row, and an empty line follows it: GitHub takes any other line for a row.
     */
    List<String> problemsOfTables() {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isRow()) {
                continue;
            }
            Line header = lines.get(i);
            int columns = cells(header.text());
            if (i + 1 == lines.size()
                    || !DELIMITER.matcher(lines.get(i + 1).text().strip()).matches()) {
                problems.add(problem(header, "a table without a delimiter row"));
            }
            for (; i < lines.size() && !lines.get(i).isBlank() && lines.get(i).kind() == Kind.TEXT; i++) {
                Line row = lines.get(i);
                if (!row.isRow() || !row.text().stripTrailing().endsWith("|")) {
                    problems.add(problem(row, "a row begins and ends with |"));
                } else if (cells(row.text()) != columns) {
                    problems.add(problem(row, "expected " + columns + " cells, got " + cells(row.text())));
                }
            }
        }
        return problems;
    }

    /** As on GitHub, only {@code \|} does not end a cell: a code span does not protect it. */
    private static int cells(String row) {
        return row.strip().replace("\\|", "").split("\\|", -1).length - 2;
    }

    List<String> problemsOfHeadings() {
        return lines.stream()
                .filter(line -> line.kind() == Kind.TEXT
                        && HEADING.matcher(line.text()).matches()
                        && line.text().length() > LONGEST_HEADING)
                .map(line -> problem(line, "a heading has at most " + LONGEST_HEADING + " characters"))
                .toList();
    }

    /** A line of a shell block has one command, at its beginning. A comment has none. */
    List<String> problemsOfCommands() {
        List<String> problems = new ArrayList<>();
        for (Line line : lines) {
            Matcher command = COMMAND.matcher(line.text().strip());
            while (line.kind() == Kind.SHELL && command.find()) {
                if (command.start() > 0) {
                    problems.add(problem(line, command.group() + " is a command in the middle of a line"));
                }
            }
        }
        return problems;
    }

    /** The links of the text, without those to other sites. */
    List<Link> links() {
        List<Link> links = new ArrayList<>();
        for (Line line : lines) {
            Matcher link = LINK.matcher(CODE_SPAN
                    .matcher(line.text())
                    .replaceAll(match -> Matcher.quoteReplacement(
                            "`" + "x".repeat(Math.max(0, match.group().length() - 2)) + "`")));
            while (line.kind() == Kind.TEXT && link.find()) {
                String target = link.group(2);
                if (target.matches("[a-z]+:.*")) {
                    continue;
                }
                int anchor = target.indexOf('#');
                links.add(
                        anchor < 0
                                ? new Link(line.number(), target, null)
                                : new Link(line.number(), target.substring(0, anchor), target.substring(anchor + 1)));
            }
        }
        return links;
    }

    /** The anchors that GitHub gives to the headings. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (Line line : lines) {
            Matcher heading = HEADING.matcher(line.text());
            if (line.kind() == Kind.TEXT && heading.matches()) {
                String anchor = LINK.matcher(heading.group(2))
                        .replaceAll("$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
                        .strip()
                        .replace(' ', '-');
                int before = times.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    private String problem(Line line, String text) {
        return file + ":" + line.number() + ": " + text + ": " + line.text();
    }
}
