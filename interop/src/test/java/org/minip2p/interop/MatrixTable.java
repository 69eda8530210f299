package org.minip2p.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Collects the results of the tests that are cells of the matrix, and prints them as a table when all tests have run, to stdout and to
 * {@code target/interop-table.md}. A test that fails shows the last lines of its peer.
 */
final class MatrixTable implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    private static final Namespace NAMESPACE = Namespace.create(MatrixTable.class);
    private static final int LINES = 12;
    private static final Path FILE = Path.of(System.getProperty("interop.table", "target/interop-table.md"));

    /** Remarks on tests that run. */
    private static final Map<MatrixCell, String> NOTES = Collections.synchronizedMap(new IdentityHashMap<>());

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(NAMESPACE).put("start", System.nanoTime());
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        throw new AssertionError(
                failure.getMessage() + "\nThe last lines of " + cell(test).peer() + ":\n"
                        + lastOf(cell(test).lastLines()),
                failure);
    }

    private static String lastOf(String lines) {
        List<String> all = lines.lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - LINES), all.size()));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        MatrixCell cell = cell(test);
        Throwable failure = test.getExecutionException().orElse(null);
        String outcome =
                failure == null ? "ok" : failure instanceof TestAbortedException ? "not for this peer" : "FAILED";
        String note = NOTES.remove(cell);
        if (note != null) {
            outcome += ", " + note;
        }
        long start = test.getStore(NAMESPACE).getOrDefault("start", Long.class, System.nanoTime());
        long millis = (System.nanoTime() - start) / 1_000_000;
        rows(test).add(new Row(cell.peer(), cell.direction(), test.getDisplayName(), outcome, millis));
    }

    /** Adds a remark to the cell of the test that runs. */
    static void note(MatrixCell cell, String remark) {
        NOTES.put(cell, remark);
    }

    private static MatrixCell cell(ExtensionContext test) {
        return (MatrixCell) test.getRequiredTestInstance();
    }

    private static Rows rows(ExtensionContext test) {
        return test.getRoot().getStore(NAMESPACE).computeIfAbsent("rows", key -> new Rows(), Rows.class);
    }

    private record Row(Peers peer, String direction, String name, String outcome, long millis) {
        @Override
        public String toString() {
            return "| " + peer + " | " + direction + " | " + name + " | " + outcome + " | " + millis + " |";
        }
    }

    /** Closed by JUnit when all tests have run. */
    private static final class Rows implements AutoCloseable {
        private final List<Row> rows = Collections.synchronizedList(new ArrayList<>());

        void add(Row row) {
            rows.add(row);
        }

        @Override
        public void close() {
            List<String> lines =
                    new ArrayList<>(List.of("| peer | direction | case | ok | ms |", "|---|---|---|---|---|"));
            for (Peers peer : Peers.values()) {
                rows.stream()
                        .filter(row -> row.peer() == peer)
                        .map(Row::toString)
                        .forEach(lines::add);
            }
            Arrays.stream(Peers.values())
                    .filter(peer -> !peer.isBuilt())
                    .map(peer -> "| " + peer + " | both | all | skipped: " + peer.whatIsMissing() + " | 0 |")
                    .forEach(lines::add);
            lines.forEach(System.out::println);
            try {
                Files.createDirectories(FILE.toAbsolutePath().getParent());
                Files.write(FILE, lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
