package org.minip2p.compatibility;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.filter.JavadocLikePackageFilter;
import japicmp.model.AccessModifier;
import japicmp.model.JApiClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the differences between two versions of one library: those of the module here, those of its types with japicmp.
 *
 * @param oldClassPath what the earlier version refers to
 * @param newClassPath what the later one refers to
 */
record Comparison(List<Path> oldClassPath, List<Path> newClassPath) {
    List<Change> compare(Library before, Library now) {
        List<Change> changes = new ArrayList<>(ofModules(before, now));
        Set<String> inBoth = new TreeSet<>(before.exportedPackages());
        inBoth.retainAll(now.exportedPackages());
        if (!inBoth.isEmpty()) {
            for (JApiClass type : ofTypes(before, now, inBoth)) {
                changes.addAll(new TypeChanges(type).list());
            }
        }
        return changes.stream().distinct().sorted().toList();
    }

    private static List<Change> ofModules(Library before, Library now) {
        List<Change> changes = new ArrayList<>();
        String module = "module " + before.module().name();
        if (!before.module().name().equals(now.module().name())) {
            changes.add(new Change(
                    Change.Kind.INCOMPATIBLE,
                    module,
                    "its name is now " + now.module().name()));
        }
        for (String gone : minus(before.exportedPackages(), now.exportedPackages())) {
            changes.add(new Change(Change.Kind.INCOMPATIBLE, "package " + gone, "no longer exported to everybody"));
        }
        for (String added : minus(now.exportedPackages(), before.exportedPackages())) {
            changes.add(new Change(Change.Kind.ADDITION, "package " + added, "exported to everybody"));
        }
        for (String gone : minus(before.passedOn(), now.passedOn())) {
            changes.add(new Change(Change.Kind.INCOMPATIBLE, module, "no longer requires transitive " + gone));
        }
        for (String added : minus(now.passedOn(), before.passedOn())) {
            changes.add(new Change(Change.Kind.ADDITION, module, "requires transitive " + added));
        }
        return changes;
    }

    private List<JApiClass> ofTypes(Library before, Library now, Set<String> packages) {
        JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
        options.setAccessModifier(AccessModifier.PROTECTED);
        options.setClassPathMode(JarArchiveComparatorOptions.ClassPathMode.TWO_SEPARATE_CLASSPATHS);
        options.setOldClassPath(names(oldClassPath));
        options.setNewClassPath(names(newClassPath));
        for (String included : packages) {
            options.getFilters().getIncludes().add(new JavadocLikePackageFilter(included, true));
        }
        return new JarArchiveComparator(options)
                .compare(
                        new JApiCmpArchive(before.jar().toFile(), "before"),
                        new JApiCmpArchive(now.jar().toFile(), "now"));
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }

    private static Set<String> minus(Collection<String> all, Collection<String> without) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }
}
