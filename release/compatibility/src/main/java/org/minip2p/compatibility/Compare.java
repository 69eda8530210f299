package org.minip2p.compatibility;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Compares the libraries with those of a staged release, and says whether the next version may change so much. {@code release/compare} builds
 * what it needs and runs it.
 */
public final class Compare {
    /** Exit code: the API has changed more than the version allows. */
    static final int NOT_ALLOWED = 1;

    /** Exit code: there is nothing to compare. */
    static final int BAD_INPUT = 2;

    private static final String PREFIX = "minip2p-";

    private final PrintStream out;
    private final PrintStream err;

    Compare(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Compares, and ends the JVM with 0, with 1 if more has changed than is allowed, or with 2 if there is nothing to compare.
     *
     * @param arguments the folder of a staged release, the folder with the jars of now and of what they need, and the version of now
     */
    public static void main(String[] arguments) {
        System.exit(new Compare(System.out, System.err).run(arguments));
    }

    int run(String... arguments) {
        if (arguments.length != 3) {
            return badInput("expected the folder of a staged release, a folder of jars and a version, got "
                    + arguments.length + " arguments");
        }
        try {
            Path group = Path.of(arguments[0], "org", "minip2p");
            return compare(Staged.latest(group), Path.of(arguments[1]), Version.parse(arguments[2]));
        } catch (NothingStagedException | IllegalArgumentException e) {
            return badInput(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int badInput(String message) {
        err.println("release/compare: " + message);
        return BAD_INPUT;
    }

    private int compare(Staged staged, Path lib, Version version) throws IOException {
        Version.Allowed allowed = version.since(staged.version());
        List<Path> others = jars(lib, name -> !name.startsWith(PREFIX));
        Comparison comparison = new Comparison(
                concat(staged.jars(), others), concat(jars(lib, name -> name.startsWith(PREFIX)), others));
        Set<String> names = new TreeSet<>(staged.libraries());
        for (Path jar : jars(lib, name -> name.startsWith(PREFIX))) {
            String file = String.valueOf(jar.getFileName());
            names.add(file.substring(0, file.length() - ("-" + version + ".jar").length()));
        }

        List<Change> all = new ArrayList<>();
        for (String name : names) {
            List<Change> changes =
                    compare(comparison, name, staged.jar(name), lib.resolve(name + "-" + version + ".jar"));
            out.println(name + ' ' + staged.version() + " -> " + version + ": " + summary(changes));
            changes.forEach(change -> out.println("  " + change));
            all.addAll(changes);
        }
        return judge(all, staged.version(), version, allowed);
    }

    private static List<Change> compare(Comparison comparison, String name, Path before, Path now) throws IOException {
        if (!Files.exists(now)) {
            return List.of(new Change(Change.Kind.INCOMPATIBLE, "library " + name, "removed"));
        }
        if (!Files.exists(before)) {
            return List.of(new Change(Change.Kind.ADDITION, "library " + name, "new"));
        }
        return comparison.compare(Library.read(before), Library.read(now));
    }

    private int judge(List<Change> changes, Version staged, Version version, Version.Allowed allowed) {
        boolean broken = changes.stream().anyMatch(change -> change.kind() == Change.Kind.INCOMPATIBLE);
        Version.Allowed needed = broken
                ? Version.Allowed.EVERYTHING
                : changes.isEmpty() ? Version.Allowed.NOTHING : Version.Allowed.ADDITIONS;
        if (needed.compareTo(allowed) <= 0) {
            return 0;
        }
        err.println("FAILED: from " + staged + " to " + version + ", " + allowed
                + ": undo what is listed, or make the next version " + staged.next(needed)
                + " and describe in CHANGELOG.md how to migrate (docs/versions.md)");
        return NOT_ALLOWED;
    }

    private static String summary(List<Change> changes) {
        if (changes.isEmpty()) {
            return "the API has not changed";
        }
        long incompatible = changes.stream()
                .filter(change -> change.kind() == Change.Kind.INCOMPATIBLE)
                .count();
        return incompatible + " incompatible, " + (changes.size() - incompatible) + " compatible changes";
    }

    private static List<Path> jars(Path folder, Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> name.test(String.valueOf(file.getFileName())))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static List<Path> concat(List<Path> some, List<Path> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
