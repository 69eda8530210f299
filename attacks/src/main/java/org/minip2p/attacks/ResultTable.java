package org.minip2p.attacks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.minip2p.attacks.Observation.Window;

/** The results as tables, in text and in Markdown. */
final class ResultTable {
    private static final int MAX_ENDS = 3;
    private static final String FORMAT = "%-22s %-9s %9s %7s %9s %7s %7s %7s  %-26s %-5s%n";

    private ResultTable() {}

    static String header() {
        return String.format(
                FORMAT,
                "attack",
                "withstood",
                "struck",
                "sockets",
                "sent MiB",
                "held",
                "heap",
                "direct",
                "p50/p99 ms before·in·after",
                "new");
    }

    /** Formats one result. */
    static String row(Result result) {
        Observation seen = result.seen();
        StringBuilder row = new StringBuilder(String.format(
                FORMAT,
                result.attack().name(),
                result.judgement().isWithstood() ? "yes" : "NO",
                seen.blows(),
                seen.connections(),
                mib(seen.sentBytes()),
                mib(seen.heldBytes()),
                mib(seen.heapBytes()),
                mib(seen.directBytes()),
                millis(seen.before()) + " · " + millis(seen.during()) + " · " + millis(seen.after()),
                seen.newcomersServed() + "/" + seen.newcomersTried()));
        result.judgement()
                .faults()
                .forEach(fault -> row.append("    ! ").append(fault).append('\n'));
        ends(seen.ends()).forEach(end -> row.append("    ").append(end).append('\n'));
        return row.toString();
    }

    /** Formats all results for the page. */
    static String markdown(List<Result> results) {
        return "| attack | rows | what it sends | withstood | struck | sockets | sent | held | heap | direct | RSS "
                + "| honest p50 / p99 before, ms | during | after | newcomers | who was ended, and why |\n"
                + "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n"
                + results.stream().map(ResultTable::markdown).collect(Collectors.joining());
    }

    private static String markdown(Result result) {
        Observation seen = result.seen();
        String withstood = result.judgement().isWithstood()
                ? "yes"
                : "**no**: " + String.join("; ", result.judgement().faults());
        return "| `" + result.attack().name() + "` | "
                + result.attack().description().rows() + " | "
                + result.attack().description().sends() + " | " + cell(withstood) + " | " + seen.blows() + " | "
                + seen.connections() + " | " + mib(seen.sentBytes()) + " | " + mib(seen.heldBytes()) + " | "
                + mib(seen.heapBytes()) + " | " + mib(seen.directBytes()) + " | " + mib(seen.residentBytes()) + " | "
                + millis(seen.before()) + " | " + millis(seen.during()) + " | " + millis(seen.after()) + " | "
                + seen.newcomersServed() + " of " + seen.newcomersTried() + " | "
                + cell(String.join("; ", ends(seen.ends()))) + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    /** The most frequent reasons. */
    static List<String> ends(Map<String, Long> ends) {
        return ends.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_ENDS)
                .map(end -> end.getValue() + " × " + end.getKey())
                .toList();
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << 20));
    }

    private static String millis(Window window) {
        return String.format(Locale.ROOT, "%.1f/%.1f", window.p50Micros() / 1e3, window.p99Micros() / 1e3);
    }
}
