package org.minip2p.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.minip2p.core.testing.PageSection;

/**
 * Runs the fork rounds: {@code interop/run forks}, see {@link ForkRunOptions#USAGE}.
 *
 * <p>Prints two tables and one JSON line; {@code --write} writes the tables to {@code docs/interop.md}, too. The exit code is 0 if each
 * round went as expected, 2 for wrong arguments, and 1 otherwise.
 */
public final class ForkRun {
    private ForkRun() {}

    /** Runs what the arguments ask for. */
    public static void main(String[] args) throws InterruptedException, IOException {
        ForkRunOptions options;
        try {
            options = ForkRunOptions.parse(Arrays.asList(args));
        } catch (IllegalArgumentException e) {
            System.err.println("interop: " + e.getMessage());
            System.exit(2);
            return;
        }
        ForkReport report = run(options);
        if (!options.json()) {
            System.out.println(report.markdown() + "\n");
        }
        System.out.println(report.json());
        report.faults().forEach(System.err::println);
        if (options.write()) {
            Path page = Path.of(System.getProperty("interop.page"));
            String name = options.ownNetworkOnly() ? ForkPage.CONTROL : ForkPage.NAME;
            Files.writeString(
                    page,
                    PageSection.replace(
                            Files.readString(page), name, ForkPage.text(Arrays.asList(args), options, report)));
            System.err.println("written: " + page.getFileName());
        }
        System.exit(report.faults().isEmpty() ? 0 : 1);
    }

    private static ForkReport run(ForkRunOptions options) throws InterruptedException {
        ForkReport report = new ForkReport(options);
        ExecutorService threads = Executors.newCachedThreadPool();
        ExecutorService turns = options.together() ? threads : Executors.newSingleThreadExecutor();
        try {
            MutualDials.warmUp();
            Map<Peers, Future<List<ForkOutcome>>> running = new LinkedHashMap<>();
            for (Peers peer : options.peers()) {
                if (peer.isBuilt()) {
                    running.put(peer, turns.submit(() -> run(peer, options, threads)));
                } else {
                    System.err.println("skipped: " + peer.whatIsMissing());
                    report.skip(peer.whatIsMissing());
                }
            }
            for (Map.Entry<Peers, Future<List<ForkOutcome>>> entry : running.entrySet()) {
                try {
                    report.add(entry.getKey(), entry.getValue().get());
                } catch (ExecutionException e) {
                    report.fail(entry.getKey(), e);
                }
            }
        } finally {
            turns.shutdownNow();
            threads.shutdownNow();
        }
        return report;
    }

    /** Runs one batch after the other; peers that follow the fork and peers that do not run at the same time. */
    private static List<ForkOutcome> run(Peers peer, ForkRunOptions options, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        List<ForkOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < options.batches(); i++) {
            ForkPlan stay = ForkPlan.stay(options, i);
            Future<List<ForkOutcome>> staying = threads.submit(() -> ForkRounds.run(peer, stay, options, false));
            outcomes.addAll(ForkRounds.run(peer, ForkPlan.follow(options, i), options, true));
            outcomes.addAll(staying.get());
        }
        return outcomes;
    }
}
