package org.minip2p.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Java to measure on, with its options.
 *
 * @param name its name in the names of figures
 * @param title its title on the page
 * @param java its {@code bin/java}
 * @param options the options for Java
 */
record Variant(String name, String title, Path java, List<String> options) {
    /** From JDK 24 on, these options must allow the memory access of Netty and protobuf-java. */
    private static final List<String> NEWER_JAVA =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private static final String NO_CONSCRYPT = "-Dorg.minip2p.conscrypt=false";

    /** This Java with and without Conscrypt, and JDK 25 with and without it if it is found. */
    static List<Variant> all() throws IOException {
        Path here = Path.of(System.getProperty("java.home"), "bin", "java");
        int version = Runtime.version().feature();
        List<String> options = version >= 24 ? NEWER_JAVA : List.of();
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant("jdk" + version, "JDK " + version + " with Conscrypt", here, options));
        variants.add(new Variant(
                "jdk" + version + "-plain",
                "JDK " + version + " without Conscrypt",
                here,
                with(options, NO_CONSCRYPT, PerfPart.NOT_CROSSWISE)));
        if (version != 25) {
            findJava25().ifPresent(java -> {
                variants.add(
                        new Variant("jdk25", "JDK 25 with Conscrypt", java, with(NEWER_JAVA, PerfPart.NOT_CROSSWISE)));
                variants.add(new Variant(
                        "jdk25-plain",
                        "JDK 25 without Conscrypt",
                        java,
                        with(NEWER_JAVA, NO_CONSCRYPT, PerfPart.NOT_CROSSWISE)));
            });
        }
        return variants;
    }

    private static List<String> with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toList();
    }

    /** Looks in {@code JAVA_HOME_25}, then in the usual folders for JDKs. */
    private static Optional<Path> findJava25() throws IOException {
        @Nullable String home = System.getenv("JAVA_HOME_25");
        Path folder = Path.of(home == null ? "/usr/lib/jvm" : home);
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(
                folder,
                3,
                (path, attributes) ->
                        path.endsWith("bin/java") && path.toString().contains("25"))) {
            return files.filter(Files::isExecutable).sorted().findFirst();
        }
    }
}
