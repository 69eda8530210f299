package org.minip2p.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All clauses by subject, and the reasons why some of them have no test. */
record Clauses(Map<String, List<Clause>> bySubject, Map<String, String> reasons) {
    /** Reads {@code conformance/clauses.tsv} and {@code conformance/reasons.tsv}. */
    static Clauses load() {
        Map<String, List<Clause>> bySubject = new LinkedHashMap<>();
        List<Clause> subject = new ArrayList<>();
        for (String line : lines("conformance/clauses.tsv")) {
            String[] column = line.split("\t", -1);
            if (line.startsWith("# ")) {
                subject = new ArrayList<>();
                bySubject.put(column[1] + " (" + column[0].substring(2) + ")", subject);
            } else {
                subject.add(new Clause(column[0], column[1], column[2], column[3]));
            }
        }
        Map<String, String> reasons = new TreeMap<>();
        for (String line : lines("conformance/reasons.tsv")) {
            String[] column = line.split("\t", -1);
            reasons.put(column[0], column[1]);
        }
        return new Clauses(bySubject, reasons);
    }

    List<Clause> all() {
        return bySubject.values().stream().flatMap(List::stream).toList();
    }

    private static List<String> lines(String resource) {
        try (InputStream in = Clauses.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
