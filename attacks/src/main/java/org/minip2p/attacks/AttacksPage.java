package org.minip2p.attacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.minip2p.core.testing.PageSection;

/** The page on attacks: prose written by hand, and a section for each run. */
final class AttacksPage {
    private static final Path CPU = Path.of("/proc/cpuinfo");

    private AttacksPage() {}

    /** The page's file: {@code -Dattacks.page=FILE}. */
    static Path file() {
        return Path.of(System.getProperty("attacks.page", "docs/attacks.md"));
    }

    /** Where its pictures are. */
    static Path folder() {
        return file().resolveSibling("attacks");
    }

    /** Writes the section of a run into the page. */
    static void write(RunOptions options, List<Result> results) throws IOException {
        String name = options.lifted()
                ? "With the defence lifted"
                : "Allocator " + options.allocator() + ", " + options.backend();
        long withstood = results.stream()
                .filter(result -> result.judgement().isWithstood())
                .count();
        replace(
                name,
                machine() + "\n\n" + withstood + " of " + results.size() + " withstood.\n\n"
                        + ResultTable.markdown(results));
    }

    /** Writes a section into the page, in place of the section with that name. */
    static void replace(String name, String text) throws IOException {
        Files.writeString(file(), PageSection.replace(Files.readString(file()), name, text));
    }

    /** Describes the kind of machine that a run used, without identifying the machine. */
    static String machine() throws IOException {
        return cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores; " + System.getProperty("os.name")
                + " " + System.getProperty("os.version") + "; Java " + System.getProperty("java.version") + ".";
    }

    private static String cpu() throws IOException {
        if (!Files.isReadable(CPU)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(CPU)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
