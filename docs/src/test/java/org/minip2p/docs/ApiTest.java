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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the API of each library with its listing in {@code docs/api}, so that no change of the API goes unnoticed.
 */
class ApiTest {
    private static final ToolProvider JAVAP = ToolProvider.findFirst("javap").orElseThrow();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "core",
                "transport",
                "multistream",
                "security-noise",
                "muxer-yamux",
                "host",
                "protocols",
                "handshake",
                "metrics"
            })
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
        ModuleDescriptor descriptor;
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            descriptor = ModuleDescriptor.read(in);
        }
        StringBuilder text =
                new StringBuilder("module ").append(descriptor.name()).append('\n');
        List<String> packages = descriptor.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList();
        for (String exported : packages) {
            text.append("\npackage ").append(exported).append('\n');
            try (Stream<Path> files = Files.list(classes.resolve(exported.replace('.', '/')))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    appendType(text, file);
                }
            }
        }
        return text.toString();
    }

    private static void appendType(StringBuilder text, Path file) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int result =
                JAVAP.run(new PrintWriter(out), new PrintWriter(errors), "-protected", "-constants", file.toString());
        assertThat(result).as(file + ": " + errors).isZero();
        List<String> lines = out.toString().lines().toList();
        // The lines are "Compiled from", the declaration of the type, its members, and a closing brace.
        String head = lines.stream()
                .filter(line -> line.endsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no head: " + lines));
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
