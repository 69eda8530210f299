package org.minip2p.attacks;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The number of objects of each class on the heap of this process.
 *
 * @param counts the counts by class name, as in the JVM's histogram
 */
record HeapObjects(Map<String, Long> counts) {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

    private static final List<String> MAP_ENTRIES = List.of(
            "java.util.HashMap$Node",
            "java.util.LinkedHashMap$Entry",
            "java.util.concurrent.ConcurrentHashMap$Node",
            "java.util.TreeMap$Entry");

    HeapObjects {
        counts = Map.copyOf(counts);
    }

    /** Collects garbage, and counts the objects that are left. */
    static HeapObjects now() {
        try {
            return parse((String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()}));
        } catch (JMException e) {
            throw new IllegalStateException("this JVM gives no histogram of its heap", e);
        }
    }

    /** Parses a histogram. */
    static HeapObjects parse(String histogram) {
        Map<String, Long> counts = new HashMap<>();
        histogram.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                counts.merge(matcher.group(2), Long.valueOf(matcher.group(1)), Long::sum);
            }
        });
        return new HeapObjects(counts);
    }

    /** The number of objects of one class. */
    long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** The number of objects of all classes whose names start with a prefix. */
    long countBelow(String prefix) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The number of entries of all maps, including the JDK's own. */
    long mapEntries() {
        return MAP_ENTRIES.stream().mapToLong(this::count).sum();
    }
}
