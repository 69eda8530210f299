package org.minip2p.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A release in a folder that is laid out as a Maven repository.
 *
 * @param group the folder of the group
 * @param version which release
 * @param libraries the artifacts of it that have a jar
 */
record Staged(Path group, Version version, List<String> libraries) {
    private static final String BOM = "minip2p-bom";

    /** The release with the highest version of the BOM, which every release has. */
    static Staged latest(Path group) throws IOException {
        Version version = latestOf(group.resolve(BOM))
                .orElseThrow(() -> new NothingStagedException(
                        "expected a staged release, but there is no " + BOM + " in " + group + ": see release/stage"));
        List<String> libraries = new ArrayList<>();
        for (Path folder : folders(group)) {
            String name = String.valueOf(folder.getFileName());
            if (Files.exists(jar(group, name, version))) {
                libraries.add(name);
            }
        }
        if (libraries.isEmpty()) {
            throw new NothingStagedException(
                    "expected a staged release, but " + group + " has no library of version " + version);
        }
        return new Staged(group, version, List.copyOf(libraries));
    }

    Path jar(String library) {
        return jar(group, library, version);
    }

    List<Path> jars() {
        return libraries.stream().map(this::jar).toList();
    }

    private static Path jar(Path group, String library, Version version) {
        return group.resolve(library).resolve(version.toString()).resolve(library + '-' + version + ".jar");
    }

    private static Optional<Version> latestOf(Path artifact) throws IOException {
        return folders(artifact).stream()
                .map(folder -> Version.parse(String.valueOf(folder.getFileName())))
                .max(Version::compareTo);
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(Files::isDirectory).sorted().toList();
        }
    }
}
