package org.minip2p.benchmarks;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The memory that a process uses after all garbage was collected.
 *
 * @param heapBytes the heap in use
 * @param directBytes the direct memory: that of the buffer allocator and that of the JVM's own buffers
 * @param byClass the bytes of the heap by class
 */
record MemoryUse(long heapBytes, long directBytes, Map<String, Long> byClass) {
    /** A collection may make more objects collectable by the next one. */
    private static final int MAX_COLLECTIONS = 12;

    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    /** Collects until no more memory becomes free, and measures. */
    static MemoryUse now() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < MAX_COLLECTIONS; i++) {
            System.gc();
            long left = heap();
            if (i > 2 && left >= used) {
                break;
            }
            used = left;
        }
        long direct = direct();
        return new MemoryUse(used, direct, histogram());
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long direct() {
        long ofTheJvm = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long ofTheAllocator = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
        return ofTheJvm + ofTheAllocator;
    }

    private static Map<String, Long> histogram() {
        try {
            String text = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return parse(text);
        } catch (JMException e) {
            throw new IllegalStateException("this JVM gives no histogram of its heap", e);
        }
    }

    private static Map<String, Long> parse(String histogram) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        histogram.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                bytes.merge(matcher.group(2), Long.valueOf(matcher.group(1)), Long::sum);
            }
        });
        return bytes;
    }

    /** Formats it as one line. */
    String toLine() {
        StringBuilder line = new StringBuilder().append(heapBytes).append(' ').append(directBytes);
        byClass.forEach(
                (name, bytes) -> line.append(' ').append(name).append('=').append(bytes));
        return line.toString();
    }

    /** Parses what {@link #toLine} wrote. */
    static MemoryUse ofLine(String line) {
        String[] words = line.split(" ", -1);
        Map<String, Long> byClass = new LinkedHashMap<>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].lastIndexOf('=');
            byClass.put(words[i].substring(0, equals), Long.valueOf(words[i].substring(equals + 1)));
        }
        return new MemoryUse(Long.parseLong(words[0]), Long.parseLong(words[1]), byClass);
    }

    /**
     * The growth since an earlier measurement.
     *
     * @param count the number of things that caused it
     */
    Growth since(MemoryUse before, int count) {
        Map<String, Double> growth = new LinkedHashMap<>();
        byClass.forEach(
                (name, bytes) -> growth.put(name, (bytes - before.byClass.getOrDefault(name, 0L)) / (double) count));
        return new Growth(
                (heapBytes - before.heapBytes) / (double) count,
                (directBytes - before.directBytes) / (double) count,
                growth);
    }

    /**
     * The memory of one thing, in bytes.
     *
     * @param heap the heap
     * @param direct the direct memory
     * @param byClass the heap, by class
     */
    record Growth(double heap, double direct, Map<String, Double> byClass) {
        /** The classes that use the most memory, one on each line. */
        String byClass(int lines) {
            StringBuilder text = new StringBuilder();
            byClass.entrySet().stream()
                    .filter(entry -> entry.getValue() >= 1)
                    .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                    .limit(lines)
                    .forEach(entry -> text.append(String.format("%8.1f B  %s%n", entry.getValue(), entry.getKey())));
            return text.toString();
        }
    }
}
