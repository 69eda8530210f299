package org.minip2p.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.minip2p.core.testing.ChildProcess;

/**
 * All kinds of work, by minip2p and by the other implementations, each with itself, in one process and in two. The implementations take
 * turns, with new processes each time, so that a noisy minute of the machine affects all of them; the figure is the median of the turns.
 */
final class WorkPart {
    static final String OURS = "minip2p";
    static final List<String> PEERS = List.of("go", "rust", "js", "jvm");
    private static final List<String> QUICK_PEERS = List.of("go", "js");

    private static final int TURNS = 3;
    private static final int ROUNDS = 3;
    private static final int ROUND_SECONDS = 1;

    private final Settings settings;
    private final Map<String, List<Double>> results = new LinkedHashMap<>();

    private WorkPart(Settings settings) {
        this.settings = settings;
    }

    /** Measures the work. The other implementations are measured on one Java only, since they do not depend on it. */
    static List<Figure> run(Settings settings) throws IOException {
        return new WorkPart(settings).run();
    }

    private List<Figure> run() throws IOException {
        List<String> implementations = implementations();
        for (int turn = 0; turn < (settings.quick() ? 1 : TURNS); turn++) {
            for (WorkKind kind : WorkKind.values()) {
                for (WorkPlace place : WorkPlace.values()) {
                    for (String implementation : implementations) {
                        measure(kind, place, implementation);
                    }
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (WorkPlace place : WorkPlace.values()) {
            for (WorkKind kind : WorkKind.values()) {
                for (String implementation : implementations) {
                    String name = place.figure(kind, implementation);
                    List<Double> turns = results.getOrDefault(name, List.of());
                    if (!turns.isEmpty()) {
                        figures.add(Figure.of(name, BenchHosts.median(turns), kind.unit()));
                    }
                }
            }
        }
        return figures;
    }

    private List<String> implementations() {
        List<String> implementations = new ArrayList<>(List.of(OURS));
        if (PerfPart.isCrosswise()) {
            (settings.quick() ? QUICK_PEERS : PEERS)
                    .stream().filter(peer -> settings.hasPeer("work", peer)).forEach(implementations::add);
        }
        return implementations;
    }

    /**
     * Measures one turn. A failure ends a quick run, which must show that everything works; in a full run, a failed turn does not count,
     * and the other turns do.
     */
    private void measure(WorkKind kind, WorkPlace place, String implementation) throws IOException {
        String name = place.figure(kind, implementation);
        try {
            double median = median(plan(kind), place, implementation);
            results.computeIfAbsent(name, absent -> new ArrayList<>()).add(median);
            settings.say(name + ": " + Figure.number(median) + " " + kind.unit());
        } catch (IOException | ChildProcess.Failure e) {
            if (settings.quick()) {
                throw e;
            }
            settings.say(name + " has failed, and is not counted: " + e.getMessage());
        }
    }

    private WorkPlan plan(WorkKind kind) {
        return settings.quick()
                ? new WorkPlan(kind, 1, 1, 1)
                : new WorkPlan(kind, kind.warmUpSeconds(), ROUNDS, ROUND_SECONDS);
    }

    private double median(WorkPlan plan, WorkPlace place, String implementation) throws IOException {
        if (place == WorkPlace.ONE_PROCESS) {
            return result(plan, implementation, List.of("work"));
        }
        List<String> listen = List.of("listen", "--kind", plan.kind().key());
        try (ChildProcess<String> listening = PeerLines.start(command(implementation, listen))) {
            return result(plan, implementation, List.of("dial", PeerLines.awaitAddress(listening), "work"));
        }
    }

    private double result(WorkPlan plan, String implementation, List<String> operation) throws IOException {
        List<String> arguments = new ArrayList<>(operation);
        arguments.addAll(plan.arguments());
        try (ChildProcess<String> working = PeerLines.start(command(implementation, arguments))) {
            return PeerLines.median(working.awaitLastLine(plan.limit().plus(PerfPart.GRACE)));
        }
    }

    private List<String> command(String implementation, List<String> arguments) {
        if (implementation.equals(OURS)) {
            return Settings.command(WorkNode.class, List.of(), arguments);
        }
        return settings.command(implementation, arguments);
    }
}
