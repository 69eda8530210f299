package org.minip2p.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.minip2p.core.testing.Conforms;

/** The compiled tests of all modules, as the build left them in {@code target/test-classes}. */
final class ProjectTests {
    private final JavaClasses classes;

    private ProjectTests(JavaClasses classes) {
        this.classes = classes;
    }

    /** Reads the compiled tests. Each folder beside this module that has test sources must have been compiled. */
    static ProjectTests load() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(".."))) {
            List<Path> compiled = folders.filter(folder -> Files.isDirectory(folder.resolve("src/test/java")))
                    .map(folder -> folder.resolve("target/test-classes"))
                    .sorted()
                    .toList();
            for (Path classes : compiled) {
                if (!Files.isDirectory(classes)) {
                    throw new IllegalStateException(classes + " is missing: this module is built behind all others");
                }
            }
            return new ProjectTests(new ClassFileImporter().importPaths(compiled));
        }
    }

    /**
     * The tests that show each clause: {@code Class.method}, or {@code Class} if all tests of the class show it
     * together.
     */
    Map<String, Set<String>> byClause() {
        Map<String, Set<String>> tests = new TreeMap<>();
        for (JavaClass type : classes) {
            type.tryGetAnnotationOfType(Conforms.class).ifPresent(conforms -> put(tests, conforms, name(type)));
            for (JavaMethod method : type.getMethods()) {
                method.tryGetAnnotationOfType(Conforms.class)
                        .ifPresent(conforms -> put(tests, conforms, name(type) + "." + method.getName()));
            }
        }
        return tests;
    }

    /** Whether a test method with this name exists. The name has the form {@code Class.method}. */
    boolean has(String test) {
        int dot = test.lastIndexOf('.');
        return classes.stream()
                .filter(type -> name(type).equals(test.substring(0, dot)))
                .flatMap(type -> type.getMethods().stream())
                .anyMatch(method -> method.getName().equals(test.substring(dot + 1)));
    }

    private static void put(Map<String, Set<String>> tests, Conforms conforms, String test) {
        for (String id : conforms.value()) {
            tests.computeIfAbsent(id, key -> new TreeSet<>()).add(test);
        }
    }

    private static String name(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }
}
