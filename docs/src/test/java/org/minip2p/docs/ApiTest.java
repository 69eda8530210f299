package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the API of each library with its listing in {@code docs/api}, so that no change of the API goes unnoticed.
 */
class ApiTest {
    private static final ToolProvider JAVAP = ToolProvider.findFirst("javap").orElseThrow();

    static List<String> libraries() {
        return List.of(
                "core",
                "transport",
                "multistream",
                "security-noise",
                "muxer-yamux",
                "host",
                "protocols",
                "handshake",
                "metrics");
    }

    /** The Javadoc of the other libraries is linked to by these lists, in the format of javadoc's own. */
    @ParameterizedTest
    @MethodSource("libraries")
    void theJavadocOfOtherLibrariesCanLinkToEachPackage(String module) throws IOException {
        Path list = Path.of("..", "release", "javadoc-links", module, "element-list");
        ModuleDescriptor descriptor = descriptor(Path.of("..", module, "target", "classes"));
        List<String> lines = new ArrayList<>(List.of("module:" + descriptor.name()));
        descriptor.exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .filter(exported -> !exported.endsWith(".pb")) // generated, and without Javadoc
                .sorted()
                .forEach(lines::add);
        if (Boolean.getBoolean("pages.write")) {
            Files.createDirectories(list.getParent());
            Files.write(list, lines);
        }

        assertThat(list).exists();
        assertThat(Files.readAllLines(list)).isEqualTo(lines);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void theListingIsWhatTheModuleExports(String module) throws IOException {
        Path listing = Path.of("api", module + ".txt");
        String api = listing(Path.of("..", module, "target", "classes"));
        if (Boolean.getBoolean("pages.write")) {
            Files.createDirectories(listing.getParent());
            Files.writeString(listing, api);
        }

        assertThat(listing)
                .as("the API has changed: say so in CHANGELOG.md, and run mvn -Pformat verify to write it again")
                .exists()
                .content()
                .isEqualTo(api);
    }

    /**
     * Lists all public and protected types and members of the packages that are exported to every module. Sorts the
     * members.
     */
    private static String listing(Path classes) throws IOException {
        ModuleDescriptor descriptor = descriptor(classes);
        StringBuilder text =
                new StringBuilder("module ").append(descriptor.name()).append('\n');
        List<String> packages = descriptor.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList();
        for (String exported : packages) {
            text.append("\npackage ").append(exported).append('\n');
            for (String type : types(classes.resolve(exported.replace('.', '/')))) {
                appendType(text, type);
            }
        }
        return text.toString();
    }

    private static ModuleDescriptor descriptor(Path classes) throws IOException {
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    /** What javap prints for each class file of a package, in the order of the files' names. */
    private static List<String> types(Path folder) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-protected", "-constants"));
        try (Stream<Path> files = Files.list(folder)) {
            files.map(Path::toString)
                    .filter(path -> path.endsWith(".class"))
                    .sorted()
                    .forEach(arguments::add);
        }
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int result = JAVAP.run(new PrintWriter(out), new PrintWriter(errors), arguments.toArray(String[]::new));
        assertThat(result).as(folder + ": " + errors).isZero();
        String start = "Compiled from ";
        String text = out.toString();
        assertThat(text)
                .as(folder + " has a class file without debug information")
                .startsWith(start);
        return List.of(text.substring(start.length()).split("\n" + start));
    }

    private static void appendType(StringBuilder text, String type) {
        List<String> lines = type.lines().toList();
        // The lines are the name of the source, the declaration of the type, its members, and a closing brace.
        String head = lines.stream()
                .filter(line -> line.endsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is a type without a head: " + lines));
        if (!head.startsWith("public ") && !head.startsWith("protected ")) {
            return;
        }
        List<String> members = new ArrayList<>(lines.subList(lines.indexOf(head) + 1, lines.size() - 1));
        members.removeIf(line -> line.isBlank() || line.strip().equals("static {};"));
        Collections.sort(members);
        text.append('\n').append(head.replace(" {", "")).append('\n');
        members.forEach(member -> text.append(member).append('\n'));
    }
}
