package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.minip2p.core.testing.ChildProcess;

/**
 * Runs the cells, several at a time, each within its deadline.
 *
 * <p>If the peer of a cell is not built, does not start or dies, only that cell fails, with the peer's last lines. When a run is over, none
 * of its processes is left running.
 */
final class Matrix {
    private final List<Cell> cells;
    private final Scale scale;
    private final Predicate<Peers> isBuilt;
    private final Map<Peers, RunningListener> listeners = new EnumMap<>(Peers.class); // guarded by itself

    private Matrix(List<Cell> cells, Scale scale, Predicate<Peers> isBuilt) {
        this.cells = cells;
        this.scale = scale;
        this.isBuilt = isBuilt;
    }

    /** The cells of these peers with the wanted cases, in the order of the table. */
    static List<Cell> cells(List<Peers> peers, Predicate<String> wanted) {
        List<Cell> cells = new ArrayList<>();
        for (Peers peer : peers) {
            WeDial.cases().forEach(test -> cells.add(new Cell(peer, PeerRole.LISTENER, test)));
            TheyDial.cases().forEach(test -> cells.add(new Cell(peer, PeerRole.DIALER, test)));
        }
        cells.removeIf(cell -> !wanted.test(cell.test().name()));
        return cells;
    }

    /**
     * Runs cells.
     *
     * @param cells the cells to run
     * @param scale how much each does
     * @param parallel how many run at a time
     * @param isBuilt whether a peer is built
     * @param observer receives each outcome at the end of the cell, on any thread
     * @return the outcome of each cell, in the order of the cells
     */
    static Map<Cell, Outcome> run(
            List<Cell> cells, Scale scale, int parallel, Predicate<Peers> isBuilt, BiConsumer<Cell, Outcome> observer)
            throws InterruptedException {
        return new Matrix(cells, scale, isBuilt).run(parallel, observer);
    }

    private Map<Cell, Outcome> run(int parallel, BiConsumer<Cell, Outcome> observer) throws InterruptedException {
        Map<Cell, Outcome> outcomes = new LinkedHashMap<>();
        cells.forEach(cell -> outcomes.put(cell, new Outcome(Outcome.Kind.FAILED, "has not run", Duration.ZERO)));
        // Starts with those that may take long, so that they run beside the others.
        List<Cell> order = new ArrayList<>(cells);
        order.sort(Comparator.comparing((Cell cell) -> cell.test().deadline()).reversed());
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            for (Cell cell : order) {
                workers.execute(() -> {
                    Outcome outcome = outcome(cell);
                    synchronized (outcomes) {
                        outcomes.put(cell, outcome);
                    }
                    observer.accept(cell, outcome);
                });
            }
            workers.shutdown();
            while (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
                // Every cell has a deadline.
            }
        } finally {
            workers.shutdownNow();
            synchronized (listeners) {
                listeners.values().forEach(RunningListener::close);
                listeners.clear();
            }
        }
        synchronized (outcomes) {
            return new LinkedHashMap<>(outcomes);
        }
    }

    private Outcome outcome(Cell cell) {
        long start = System.nanoTime();
        Bench bench = new Bench(cell.peer(), scale, () -> listener(cell.peer()));
        FutureTask<String> task = new FutureTask<>(() -> cell.test().body().run(bench));
        Thread thread = new Thread(task, cell.toString());
        thread.setDaemon(true);
        Outcome.Kind kind;
        String detail;
        try (bench) {
            if (!isBuilt.test(cell.peer())) {
                kind = Outcome.Kind.FAILED;
                detail = cell.peer().whatIsMissing();
            } else {
                thread.start();
                detail = task.get(cell.test().deadline().toMillis(), TimeUnit.MILLISECONDS);
                kind = Outcome.Kind.OK;
            }
        } catch (TimeoutException e) {
            kind = Outcome.Kind.FAILED;
            detail = withLastLines("not done within " + cell.test().deadline().toSeconds() + " s", bench);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof NotForThisPeer) {
                kind = Outcome.Kind.NOT_FOR_THIS_PEER;
                detail = String.valueOf(cause.getMessage());
            } else if (cause instanceof PeerFault) {
                kind = Outcome.Kind.PEERS_FAULT;
                detail = String.valueOf(cause.getMessage());
            } else {
                kind = Outcome.Kind.FAILED;
                String message = cause instanceof AssertionError || cause instanceof ChildProcess.Failure
                        ? cause.getMessage()
                        : null;
                detail = withLastLines(message == null ? String.valueOf(cause) : message, bench);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kind = Outcome.Kind.FAILED;
            detail = "interrupted";
        }
        thread.interrupt();
        return new Outcome(kind, detail, Duration.ofNanos(System.nanoTime() - start));
    }

    private static String withLastLines(String what, Bench bench) {
        String lines = bench.lastLines();
        return lines.isEmpty() || what.contains("Its last output:")
                ? what
                : what + "\nThe peer's last lines:\n" + lines;
    }

    /** The listener of a peer that cells share. It is started on first use, and again if it has died. */
    private RunningListener listener(Peers peer) {
        synchronized (listeners) {
            RunningListener listener = listeners.get(peer);
            if (listener == null || !listener.process().handle().isAlive()) {
                if (listener != null) {
                    listener.close();
                }
                listener = RunningListener.start(peer);
                listeners.put(peer, listener);
            }
            return listener;
        }
    }
}
