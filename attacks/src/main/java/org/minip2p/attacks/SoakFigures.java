package org.minip2p.attacks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures of the victim during a soak, one row for each minute. Not thread-safe. */
final class SoakFigures {
    /** Two rows for each third. */
    private static final int LEAST_ROWS = 6;

    private static final double MIB = 1 << 20;

    /**
     * The columns. The allowance of a column is what may be added without a leak: a value grows only if it rises by more than the allowance
     * and by more than a tenth.
     */
    enum Column {
        /** Heap in use after a collection. */
        HEAP("heap after collection, MiB", "heapBytes", MIB, 4),
        /** Direct memory, including what the allocator keeps for reuse. */
        DIRECT("direct memory, MiB", "directNow", MIB, 8),
        /** Descriptors of all kinds. */
        DESCRIPTORS("descriptors", "descriptors", 1, 24),
        /** Threads of the JVM's main group. */
        THREADS("threads", "threads", 1, 4),
        /** Scheduled tasks of event loops. */
        TIMERS("timers", "timers", 1, 150),
        /** Entries of all maps of the JVM. */
        MAP_ENTRIES("map entries", "mapEntries", 1, 2_000),
        /** Objects of this project's classes. */
        OBJECTS("objects of ours", "ownObjects", 1, 2_000),
        /** Established connections. */
        CONNECTIONS("connections", "connections", 1, 16),
        /** Bytes held, by the host's own account. */
        HELD("held, KiB", "heldNow", 1 << 10, 256),
        /** The 99th percentile of the honest peer's pings. */
        P99("honest p99, ms", "p99Micros", 1_000, 100);

        final String title;
        private final String member;
        private final double unit;
        private final double allowance;

        Column(String title, String member, double unit, double allowance) {
            this.title = title;
            this.member = member;
            this.unit = unit;
            this.allowance = allowance;
        }
    }

    private final List<Double> minutes = new ArrayList<>();
    private final Map<Column, List<Double>> values = new EnumMap<>(Column.class);

    static String csvHeader() {
        return "minute,"
                + Arrays.stream(Column.values())
                        .map(column -> column.title.replace(",", ""))
                        .collect(Collectors.joining(","));
    }

    /** Adds a row; returns it as a line of CSV. */
    String add(double minute, Map<String, ? extends Number> members) {
        List<Double> row = new ArrayList<>();
        row.add(minute);
        for (Column column : Column.values()) {
            Number value = members.get(column.member);
            if (value == null) {
                throw new IllegalArgumentException("expected " + column.member + " in " + members);
            }
            row.add(value.doubleValue() / column.unit);
        }
        minutes.add(minute);
        int next = 1;
        for (Column column : Column.values()) {
            values.computeIfAbsent(column, key -> new ArrayList<>()).add(row.get(next++));
        }
        return row.stream()
                .map(value -> String.format(Locale.ROOT, "%.2f", value))
                .collect(Collectors.joining(","));
    }

    /** The number of rows. */
    int size() {
        return minutes.size();
    }

    /** The time of the last row, in minutes. */
    double lastMinute() {
        return minutes.isEmpty() ? 0 : minutes.get(minutes.size() - 1);
    }

    /** The values of a column, one for each row. */
    List<Double> values(Column column) {
        return List.copyOf(values.getOrDefault(column, List.of()));
    }

    /**
     * The columns that grew: the median of the last third exceeds that of the middle third by more than a tenth and by more than the
     * allowance. The first third does not count, since a JVM and its pools take their memory then.
     */
    List<String> growth() {
        if (size() < LEAST_ROWS) {
            return List.of("only " + size() + " minutes: nothing can be said");
        }
        List<String> growing = new ArrayList<>();
        for (Column column : Column.values()) {
            List<Double> all = values(column);
            int third = all.size() / 3;
            double middle = median(all.subList(third, 2 * third));
            double last = median(all.subList(all.size() - third, all.size()));
            if (last > middle * 1.1 && last - middle > column.allowance) {
                growing.add(String.format(Locale.ROOT, "%s: %.1f, then %.1f", column.title, middle, last));
            }
        }
        return growing;
    }

    /** The median of at least one value. */
    static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** A chart of all columns. */
    LineChart chart(String title) {
        return new LineChart(
                title,
                Arrays.stream(Column.values())
                        .map(column -> new LineChart.Panel(column.title, List.copyOf(minutes), values(column)))
                        .toList());
    }
}
