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
 * How many objects of each class the heap of this process has.
 *
 * @param counts by the class's name, as the JVM's histogram has it
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

    /** Collects, and counts those that are left. */
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

    /** Reads a histogram. */
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

    /** How many of one class. */
    long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** How many of all classes whose names begin so. */
    long countBelow(String prefix) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The entries of all maps, of the JDK's own as well. */
    long mapEntries() {
        return MAP_ENTRIES.stream().mapToLong(this::count).sum();
    }
}
