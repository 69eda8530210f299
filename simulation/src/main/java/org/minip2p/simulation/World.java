package org.minip2p.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread, one clock and one seed. The seed decides what runs next and how long everything takes. Time passes only when no worker has
 * anything to do, and then jumps to the next event.
 *
 * <p>All that belongs to a world is confined to the thread that steps it.
 */
final class World {
    /** A future event that no worker runs: bytes arrive, a fault begins. */
    private record Happening(long nanos, long number, Runnable task) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Not zero, since nothing may depend on a clock that starts at zero. */
    private static final long START_NANOS = 3_600_000_000_000L;

    /** What the handshake logs when the application hangs, which the simulation makes it do. */
    private static final String OF_A_STUCK_APPLICATION = "application did not supply its own info within";

    private final SplittableRandom random;
    private final Trace trace;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Worker> ready = new ArrayList<>();
    private final Set<Worker> isReady = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Worker> suspended = Collections.newSetFromMap(new IdentityHashMap<>());
    private final PriorityQueue<Happening> happenings = new PriorityQueue<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Runnable> audits = new ArrayList<>();
    private @Nullable Worker running;
    private long nowNanos = START_NANOS;
    private long numbers;
    private long steps;
    private long mostSteps = Long.MAX_VALUE;

    /**
     * Creates a world without workers.
     *
     * @param seed decides on everything
     * @param sink receives each line of the trace; null for none
     */
    World(long seed, @Nullable Consumer<String> sink) {
        this.random = new SplittableRandom(seed);
        this.trace = new Trace(sink);
    }

    /** The source of all decisions. */
    SplittableRandom random() {
        return random;
    }

    Trace trace() {
        return trace;
    }

    /** The time of the world, in nanoseconds. */
    long nowNanos() {
        return nowNanos;
    }

    /** How long the world has existed, in its own nanoseconds. */
    long elapsedNanos() {
        return nowNanos - START_NANOS;
    }

    /** The number of tasks that were run. */
    long steps() {
        return steps;
    }

    /** Limits the number of steps: a run with more of them has a worker that never comes to rest. */
    void limit(long most) {
        mostSteps = most;
    }

    /** Adds a line to the trace. */
    void note(String who, String what) {
        trace.add(elapsedNanos(), who, what);
    }

    /** Records a fault: something that must not happen. */
    void fault(String what) {
        faults.add(what);
        note("FAULT", what);
    }

    /** Records a log line that reports a problem. It is a fault unless the simulation caused it through the application. */
    void logged(String line, @Nullable Throwable thrown) {
        if (line.contains(OF_A_STUCK_APPLICATION)) {
            note("log", line);
            return;
        }
        if (Injected.isCauseOf(thrown)) {
            note("log", line);
            return;
        }
        fault(Faults.describe("logged " + line, thrown));
    }

    /** The faults found; empty if there are none. */
    List<String> faults() {
        return faults;
    }

    void join(Worker worker) {
        workers.add(worker);
    }

    /** Adds a check that runs whenever no worker has anything to do, before time passes. */
    void audit(Runnable look) {
        audits.add(look);
    }

    /** Whether this worker is running now, so that the current code is on its thread. */
    boolean isRunning(Worker worker) {
        return running == worker;
    }

    /** A worker has something to do. */
    void wake(Worker worker) {
        if (!suspended.contains(worker) && isReady.add(worker)) {
            ready.add(worker);
        }
    }

    /** Whether a worker is suspended. */
    boolean isSuspended(Worker worker) {
        return suspended.contains(worker);
    }

    /** Suspends a worker, as if its machine stood still. */
    void suspend(Worker worker) {
        suspended.add(worker);
        if (isReady.remove(worker)) {
            ready.remove(worker);
        }
    }

    void resume(Worker worker) {
        if (suspended.remove(worker) && worker.hasTask()) {
            wake(worker);
        }
    }

    /** Runs a task later. */
    void after(long nanos, Runnable task) {
        happenings.add(new Happening(nowNanos + Math.max(0, nanos), numbers++, task));
    }

    /** A random duration; short ones are more likely. */
    long between(long leastNanos, long mostNanos) {
        return leastNanos + (long) ((mostNanos - leastNanos) * random.nextDouble() * random.nextDouble());
    }

    /** A random yes or no, with this probability of yes. */
    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Lets one worker run one task, or lets time pass; false when nothing more will ever happen. */
    boolean step() {
        return stepUntil(Worker.NEVER);
    }

    /** The same, but does not go beyond a time limit. */
    private boolean stepUntil(long limitNanos) {
        if (ready.isEmpty() && !pass(limitNanos)) {
            return false;
        }
        if (ready.isEmpty()) {
            return true; // an event that gave no worker a task
        }
        int chosen = random.nextInt(ready.size());
        Worker worker = ready.get(chosen);
        if (++steps > mostSteps) {
            throw new IllegalStateException("no end after " + mostSteps + " steps; still to do:\n" + leftovers());
        }
        running = worker;
        try {
            worker.runOne();
        } finally {
            running = null;
        }
        if (!worker.hasTask() && isReady.remove(worker)) {
            ready.remove(worker);
        }
        return true;
    }

    /** Runs until this much time has passed, or nothing is left to happen. */
    void run(long nanos) {
        long end = nowNanos + nanos;
        while (stepUntil(end)) {
            // continue
        }
        nowNanos = Math.max(nowNanos, end);
    }

    /** Lets time pass until the next event; false if there is none before the limit. */
    private boolean pass(long limitNanos) {
        audits.forEach(Runnable::run);
        long next = happenings.isEmpty() ? Worker.NEVER : happenings.peek().nanos;
        for (Worker worker : workers) {
            if (!suspended.contains(worker)) {
                next = Math.min(next, worker.nextTimerNanos());
            }
        }
        if (next == Worker.NEVER || next > limitNanos) {
            return false;
        }
        nowNanos = Math.max(nowNanos, next);
        while (!happenings.isEmpty() && happenings.peek().nanos <= nowNanos) {
            happenings.remove().task.run();
        }
        for (Worker worker : workers) {
            if (worker.hasTask()) {
                wake(worker);
            }
        }
        return true;
    }

    /** All pending tasks, and the events that workers wait for. */
    String leftovers() {
        StringBuilder all = new StringBuilder();
        for (Worker worker : workers) {
            String left = worker.leftovers();
            if (!left.isEmpty()) {
                all.append(worker.name()).append(": ").append(left).append('\n');
            }
        }
        if (!happenings.isEmpty()) {
            all.append("the network: ").append(happenings.size()).append(" happenings\n");
        }
        return all.toString();
    }
}
