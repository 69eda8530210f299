package org.minip2p.docs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes {@code docs/conformance.md}: each clause with the tests that show it, or with the reason why it has none. */
final class ConformancePage {
    private final Clauses clauses;
    private final Map<String, Set<String>> tests;
    private final StringBuilder page = new StringBuilder();

    ConformancePage(Clauses clauses, Map<String, Set<String>> tests) {
        this.clauses = clauses;
        this.tests = tests;
    }

    String write() {
        page.append("""
                # Conformance

                Every rule that we know for the protocols of this project, and the test that fails when we break it, or the reason why there is none. Every
                MUST has a test. The id of a rule never changes; code and tests name it. The build makes this page from the annotation `@Conforms` on the
                tests (`mvn -Pformat verify` writes it, `mvn verify` checks it). The source is a section of the [libp2p
                specifications](https://github.com/libp2p/specs), of [multiformats](https://github.com/multiformats), of the [Noise
                framework](https://noiseprotocol.org/noise.html), or, where those are silent, the practice of the implementations named.

                | subject | clauses | with a test | of these MUST | without a test | of these MUST |
                |---|---|---|---|---|---|
                """);
        clauses.bySubject().forEach(this::summary);
        clauses.bySubject().forEach(this::table);
        return page.toString();
    }

    private void summary(String subject, List<Clause> list) {
        Map<Boolean, List<Clause>> byCover = list.stream().collect(Collectors.partitioningBy(this::isShown));
        List<Clause> shown = byCover.getOrDefault(true, List.of());
        List<Clause> missing = byCover.getOrDefault(false, List.of());
        row(
                subject,
                list.size(),
                shown.size(),
                shown.stream().filter(Clause::isMust).count(),
                missing.size(),
                missing.stream().filter(Clause::isMust).count());
    }

    private void table(String subject, List<Clause> list) {
        page.append("\n## ")
                .append(subject)
                .append("\n\n| id | level | clause | source | shown by |\n|---|---|---|---|---|\n");
        for (Clause clause : list) {
            row(clause.id(), clause.level(), clause.text(), clause.source(), shownBy(clause));
        }
    }

    private String shownBy(Clause clause) {
        String reason = clauses.reasons().get(clause.id());
        Set<String> shown = tests.get(clause.id());
        if (shown == null) {
            return "not covered" + (reason == null ? "" : ": " + reason);
        }
        String names = shown.stream().map(test -> "`" + test + "`").collect(Collectors.joining(", "));
        return reason == null ? names : names + "; " + reason;
    }

    private boolean isShown(Clause clause) {
        return tests.containsKey(clause.id());
    }

    private void row(Object... cells) {
        for (Object cell : cells) {
            page.append("| ").append(cell.toString().replace("|", "\\|")).append(' ');
        }
        page.append("|\n");
    }
}
