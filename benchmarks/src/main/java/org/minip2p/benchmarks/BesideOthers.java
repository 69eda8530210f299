package org.minip2p.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.minip2p.benchmarks.Page.Results;

/**
 * The section of the page that compares minip2p with the other implementations, on the first variant that measured them: a table, in how
 * many rows minip2p is fastest, who is faster in the others, and minip2p on each variant. Empty if none of this was measured.
 */
final class BesideOthers {
    private static final String OURS = WorkPart.OURS;
    private static final String NOT_MEASURED = "–";

    private final List<Results> results;
    private final List<Results> beside;

    BesideOthers(List<Results> results) {
        this.results = results;
        this.beside = results.stream()
                .filter(result -> rows().anyMatch(row -> row.isMeasured(result)))
                .limit(1)
                .toList();
    }

    /**
     * A kind of work in one place.
     *
     * @param title the kind of work, as it reads in a sentence
     * @param place the place
     * @param isLessBetter whether a lower value is better, as for a time
     * @param names the names of the figures of minip2p and of the others, in the order of {@link #implementations}
     */
    private record Row(String title, String place, String unit, boolean isLessBetter, List<Name> names) {
        Optional<Double> of(Results result, String implementation) {
            return names.stream()
                    .filter(name -> name.implementation().equals(implementation))
                    .flatMap(name -> name.value(result).stream())
                    .findFirst();
        }

        boolean isMeasured(Results result) {
            return of(result, OURS).isPresent()
                    && WorkPart.PEERS.stream().anyMatch(peer -> of(result, peer).isPresent());
        }

        /** The others that are at least as fast as minip2p, the fastest first. */
        List<Value> atLeastAsFast(Results result, double ours) {
            Comparator<Value> lowestFirst = Comparator.comparingDouble(Value::value);
            return WorkPart.PEERS.stream()
                    .flatMap(peer -> of(result, peer).map(value -> new Value(peer, value)).stream())
                    .filter(other -> !isBetter(ours, other.value()))
                    .sorted(isLessBetter ? lowestFirst : lowestFirst.reversed())
                    .toList();
        }

        boolean isBetter(double one, double other) {
            return isLessBetter ? one < other : one > other;
        }

        /** A value with its unit, as it reads in a sentence. */
        String amount(double value) {
            return Figure.number(value) + (unit.equals("1/s") ? " a second" : " " + unit);
        }

        /** This row of a table, with a cell for each of the given values. */
        String line(List<Optional<Double>> values) {
            return "| " + title + " | " + place + " | " + unit + " | "
                    + values.stream()
                            .map(value -> value.map(Figure::number).orElse(NOT_MEASURED))
                            .collect(Collectors.joining(" | "))
                    + " |";
        }
    }

    /**
     * Where to find the value of an implementation.
     *
     * @param isFloor whether the value is the floor of that figure
     */
    private record Name(String implementation, String figure, boolean isFloor) {
        Optional<Double> value(Results result) {
            return result.figure(figure).map(found -> isFloor ? found.floor() : Double.valueOf(found.value()));
        }
    }

    /** The value of an implementation. */
    private record Value(String implementation, double value) {}

    String text() {
        return beside.stream()
                .map(result -> table(result) + "\n\n" + sentences(result) + ownTable())
                .collect(Collectors.joining());
    }

    private static Stream<Row> rows() {
        Stream<Row> work = Stream.of(WorkKind.values())
                .flatMap(kind -> Stream.of(WorkPlace.values()).map(place -> row(kind, place)));
        return Stream.concat(work, Stream.of("up", "down").map(BesideOthers::perf));
    }

    private static Row row(WorkKind kind, WorkPlace place) {
        List<Name> names = implementations()
                .map(implementation -> new Name(implementation, place.figure(kind, implementation), false))
                .toList();
        return new Row(kind.title(), place.title(), kind.unit(), kind == WorkKind.PING_PONG, names);
    }

    private static Row perf(String direction) {
        List<Name> names = implementations()
                .map(implementation -> implementation.equals(OURS)
                        ? new Name(OURS, "perf/minip2p/" + direction, false)
                        : new Name(implementation, "perf/minip2p/against-" + implementation + "/" + direction, true))
                .toList();
        return new Row("1 GiB " + direction, WorkPlace.TWO_PROCESSES.title(), "MiB/s", false, names);
    }

    private static Stream<String> implementations() {
        return Stream.concat(Stream.of(OURS), WorkPart.PEERS.stream());
    }

    private static String table(Results result) {
        List<String> names = implementations().toList();
        return result.title() + " beside the others:\n\n" + header(names) + "\n"
                + rows().filter(row -> row.isMeasured(result))
                        .map(row -> row.line(
                                names.stream().map(name -> row.of(result, name)).toList()))
                        .collect(Collectors.joining("\n"));
    }

    private static String header(List<String> columns) {
        return "| work | where | unit | " + String.join(" | ", columns) + " |\n|---|---|---|"
                + "--:|".repeat(columns.size());
    }

    private static String sentences(Results result) {
        List<Row> measured = rows().filter(row -> row.isMeasured(result)).toList();
        List<String> behind = new ArrayList<>();
        for (Row row : measured) {
            double ours = row.of(result, OURS).orElseThrow();
            List<Value> others = row.atLeastAsFast(result, ours);
            if (!others.isEmpty()) {
                behind.add("- " + behind(row, ours, others));
            }
        }
        return behind.isEmpty()
                ? "minip2p is fastest in every row."
                : "minip2p is fastest in " + (measured.size() - behind.size()) + " of " + measured.size()
                        + " rows. In the others:\n\n" + String.join("\n", behind);
    }

    private static String behind(Row row, double ours, List<Value> others) {
        List<String> names = others.stream()
                .map(other -> other.implementation() + " (" + row.amount(other.value()) + ")")
                .toList();
        int last = names.size() - 1;
        String list = last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
        boolean isDraw = others.get(last).value() == ours;
        return row.title() + ", " + row.place() + ": " + list + (last == 0 ? " is " : " are ")
                + (isDraw ? "at least as fast as" : "faster than") + " minip2p (" + row.amount(ours) + ").";
    }

    /** The table of minip2p on each variant, if there are several. */
    private String ownTable() {
        List<Results> measured = results.stream()
                .filter(result -> rows().anyMatch(row -> row.of(result, OURS).isPresent()))
                .toList();
        if (measured.size() < 2) {
            return "";
        }
        return "\n\nminip2p on each Java:\n\n"
                + header(measured.stream().map(Results::title).toList()) + "\n"
                + rows().map(row -> new OwnRow(row, measured))
                        .filter(OwnRow::isMeasured)
                        .map(OwnRow::line)
                        .collect(Collectors.joining("\n"));
    }

    /** The values of minip2p in several results. */
    private record OwnRow(Row row, List<Results> measured) {
        private List<Optional<Double>> values() {
            return measured.stream().map(result -> row.of(result, OURS)).toList();
        }

        boolean isMeasured() {
            return values().stream().anyMatch(Optional::isPresent);
        }

        String line() {
            return row.line(values());
        }
    }
}
