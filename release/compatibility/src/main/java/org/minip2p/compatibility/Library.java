package org.minip2p.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The jar of a library, and what its module promises.
 *
 * @param jar the file
 * @param module what its {@code module-info.class} says
 */
record Library(Path jar, ModuleDescriptor module) {
    static Library read(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry("module-info.class");
            if (entry == null) {
                throw new IOException(jar + " has no module-info.class");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return new Library(jar, ModuleDescriptor.read(in));
            }
        }
    }

    /** The packages that are exported to everybody: only they are API. */
    Set<String> exportedPackages() {
        return module.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The modules that another module can use, without naming them, when it requires this one. */
    Set<String> passedOn() {
        return module.requires().stream()
                .filter(required -> required.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE))
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
