package org.minip2p.attacks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a soak saw of its victim, a row each minute. Not thread-safe. */
final class SoakFigures {
    /** Two for each third. */
    private static final int LEAST_ROWS = 6;

    private static final double MIB = 1 << 20;

    /** What may go up for other reasons than that something is kept: what is not above this, or a tenth of what there was, is flat. */
    enum Column {
        /** Heap in use after a collection. */
        HEAP("heap after collection, MiB", "heapBytes", MIB, 4),
        /** Direct memory, what the allocator keeps for later included. */
        DIRECT("direct memory, MiB", "directNow", MIB, 8),
        /** Descriptors of all kinds. */
        DESCRIPTORS("descriptors", "descriptors", 1, 24),
        /** Threads of the JVM's main group. */
        THREADS("threads", "threads", 1, 4),
        /** Tasks that event loops are to run later. */
        TIMERS("timers", "timers", 1, 150),
        /** Entries of all maps of the JVM. */
        MAP_ENTRIES("map entries", "mapEntries", 1, 2_000),
        /** Objects of this project's classes. */
        OBJECTS("objects of ours", "ownObjects", 1, 2_000),
        /** Established connections. */
        CONNECTIONS("connections", "connections", 1, 16),
        /** What the account says is held. */
        HELD("held, KiB", "heldNow", 1 << 10, 256),
        /** The honest peer's pings. */
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

    /** Adds what came; gives its line of CSV. */
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

    /** How many rows there are. */
    int size() {
        return minutes.size();
    }

    /** How long it has taken so far. */
    double lastMinute() {
        return minutes.isEmpty() ? 0 : minutes.get(minutes.size() - 1);
    }

    /** What one column had, a value for each row. */
    List<Double> values(Column column) {
        return List.copyOf(values.getOrDefault(column, List.of()));
    }

    /**
     * What has grown: the median of the last third is more than that of the third before it, by more than a tenth and more than its allowance.
     * The first third is left out, in which a JVM and its pools take what they need.
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

    /** The middle one of at least one. */
    static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** All columns as curves. */
    LineChart chart(String title) {
        return new LineChart(
                title,
                Arrays.stream(Column.values())
                        .map(column -> new LineChart.Panel(column.title, List.copyOf(minutes), values(column)))
                        .toList());
    }
}
