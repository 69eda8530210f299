package org.minip2p.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A fault that a test puts back into the sources of the library.
 *
 * @param name what is wrong with the fault in place
 * @param isQuick whether every build puts it back; otherwise only CI does
 * @param seeds the number of seeds within which the simulation must find it
 * @param says what the simulation reports when it finds it
 * @param changes the changes to the sources that make it
 */
record PutBackFault(String name, boolean isQuick, int seeds, Pattern says, List<Change> changes) {
    /**
     * Lines of a source file and their replacement.
     *
     * @param file the file, as a path from the root of the sources
     * @param before the lines that are in the file, each with its line end
     * @param after the lines that replace them
     */
    record Change(String file, String before, String after) {}

    PutBackFault {
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("expected a change in \"" + name + "\", got none");
        }
    }

    /**
     * Reads all faults. A fault begins with {@code == NAME}. The lines {@code quick: yes}, {@code seeds: N},
     * {@code says: PATTERN} and {@code in: FILE} follow. Then follow lines with {@code -}, which are in the file, and
     * lines with {@code +}, which replace them.
     *
     * @throws IllegalArgumentException when a line is none of these; the message quotes it
     */
    static List<PutBackFault> read(List<String> lines) {
        List<PutBackFault> all = new ArrayList<>();
        Reading reading = null;
        for (String line : lines) {
            if (line.startsWith("== ")) {
                if (reading != null) {
                    all.add(reading.end());
                }
                reading = new Reading(line.substring(3));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                if (reading == null) {
                    throw new IllegalArgumentException("expected \"== \" and a name, got \"" + line + "\"");
                }
                reading.add(line);
            }
        }
        if (reading != null) {
            all.add(reading.end());
        }
        return all;
    }

    private static final class Reading {
        private final String name;
        private final List<Change> changes = new ArrayList<>();
        private final StringBuilder before = new StringBuilder();
        private final StringBuilder after = new StringBuilder();
        private boolean isQuick;
        private int seeds;
        private String says = "";
        private String file = "";

        Reading(String name) {
            this.name = name;
        }

        void add(String line) {
            if (line.startsWith("-")) {
                if (after.length() > 0) {
                    endChange();
                }
                before.append(line, 1, line.length()).append('\n');
            } else if (line.startsWith("+")) {
                after.append(line, 1, line.length()).append('\n');
            } else {
                int colon = line.indexOf(": ");
                String value = line.substring(colon + 2);
                switch (line.substring(0, Math.max(0, colon))) {
                    case "quick" -> isQuick = value.equals("yes");
                    case "seeds" -> seeds = Integer.parseInt(value);
                    case "says" -> says = value;
                    case "in" -> {
                        endChange();
                        file = value;
                    }
                    default -> throw new IllegalArgumentException("not understood in \"" + name + "\": " + line);
                }
            }
        }

        private void endChange() {
            if (before.length() > 0) {
                changes.add(new Change(file, before.toString(), after.toString()));
            }
            before.setLength(0);
            after.setLength(0);
        }

        PutBackFault end() {
            endChange();
            return new PutBackFault(name, isQuick, seeds, Pattern.compile(says), changes);
        }
    }

    /**
     * The sources with the fault, by file.
     *
     * @throws IllegalStateException when a change no longer applies to the sources, or applies in more than one place
     */
    Map<String, String> putBack(Path root) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Change change : changes) {
            String source = sources.get(change.file);
            if (source == null) {
                source = Files.readString(root.resolve(change.file));
            }
            int at = source.indexOf(change.before);
            if (at < 0 || source.indexOf(change.before, at + 1) >= 0) {
                throw new IllegalStateException("\"" + name + "\" does not apply to " + change.file
                        + ": expected once, and found " + (at < 0 ? "nowhere" : "more than once") + ":\n"
                        + change.before);
            }
            sources.put(
                    change.file,
                    source.substring(0, at) + change.after + source.substring(at + change.before.length()));
        }
        return sources;
    }

    @Override
    public String toString() {
        return name;
    }
}
