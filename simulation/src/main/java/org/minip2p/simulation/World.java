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
 * One thread, one clock and one seed, which decides what runs next, and how long everything takes. Time passes only when no worker
 * has anything to do, and then jumps to the next event.
 *
 * <p>All that belongs to a world is confined to the thread that steps it.
 */
final class World {
    /** What is to happen without anybody's doing: bytes arrive, a fault begins. */
    private record Happening(long nanos, long number, Runnable task) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Not zero: nothing may depend on that. */
    private static final long START_NANOS = 3_600_000_000_000L;

    /** What the handshake says when the application hangs, which the simulation has it do. */
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
     * Nobody is in it yet.
     *
     * @param seed decides on everything
     * @param sink gets each line of the trace; null when nobody wants them
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

    /** How many tasks were run. */
    long steps() {
        return steps;
    }

    /** No run may have more steps than this: somebody would be busy with nothing. */
    void limit(long most) {
        mostSteps = most;
    }

    /** One more line of the trace. */
    void note(String who, String what) {
        trace.add(elapsedNanos(), who, what);
    }

    /** Something that must not be. */
    void fault(String what) {
        faults.add(what);
        note("FAULT", what);
    }

    /** A line of the log that says that something is wrong, unless what the simulation does to the application explains it. */
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

    /** The faults found; empty without any. */
    List<String> faults() {
        return faults;
    }

    void join(Worker worker) {
        workers.add(worker);
    }

    /** What looks at everybody whenever nobody has anything to do just now, before time passes. */
    void audit(Runnable look) {
        audits.add(look);
    }

    /** Whether it is this one's turn: what it runs runs on its thread. */
    boolean isRunning(Worker worker) {
        return running == worker;
    }

    /** A worker has got something to do. */
    void wake(Worker worker) {
        if (!suspended.contains(worker) && isReady.add(worker)) {
            ready.add(worker);
        }
    }

    /** Whether it stands still. */
    boolean isSuspended(Worker worker) {
        return suspended.contains(worker);
    }

    /** As when the machine that it runs on stands still. */
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

    /** Has something happen later. */
    void after(long nanos, Runnable task) {
        happenings.add(new Happening(nowNanos + Math.max(0, nanos), numbers++, task));
    }

    /** A random time, more often a short one. */
    long between(long leastNanos, long mostNanos) {
        return leastNanos + (long) ((mostNanos - leastNanos) * random.nextDouble() * random.nextDouble());
    }

    /** Whether it is so this time. */
    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Lets one worker run one task, or time pass; false when nothing will ever happen again. */
    boolean step() {
        return stepUntil(Worker.NEVER);
    }

    /** The same, unless all that is left is later. */
    private boolean stepUntil(long limitNanos) {
        if (ready.isEmpty() && !pass(limitNanos)) {
            return false;
        }
        if (ready.isEmpty()) {
            return true; // something happened to nobody
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
            // it goes on
        }
        nowNanos = Math.max(nowNanos, end);
    }

    /** Time passes, up to what comes next; false when that is nothing, or later than the limit. */
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
