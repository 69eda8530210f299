package org.minip2p.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A pool of threads: starts tasks in order, and runs started tasks in any order. */
final class Pool extends AbstractExecutorService implements Worker {
    private final World world;
    private final String name;
    private final int threads;
    private final List<Runnable> tasks = new ArrayList<>();
    private boolean isShutdown;

    /** The tasks in which threads hang. */
    private final List<Runnable> stuck = new ArrayList<>();

    private int nextToHang;

    /**
     * Creates a pool without tasks.
     *
     * @param world lets it run
     * @param name its name in a trace
     * @param threads how many tasks it runs at once
     */
    Pool(World world, String name, int threads) {
        this.world = world;
        this.name = name;
        this.threads = threads;
        world.join(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean hasTask() {
        return !tasks.isEmpty() && stuck.size() < threads;
    }

    @Override
    public long nextTimerNanos() {
        return NEVER;
    }

    @Override
    public void runOne() {
        Runnable task = tasks.remove(world.random().nextInt(Math.min(threads - stuck.size(), tasks.size())));
        if (nextToHang > 0) {
            nextToHang--;
            stuck.add(task);
            return;
        }
        try {
            task.run();
        } catch (Throwable e) {
            world.fault(name + " got a task that threw " + Faults.describe(e));
        }
    }

    /** The next tasks hang, each with its thread, until {@link #unblock}. */
    void block(int count) {
        nextToHang = count;
    }

    /** Lets all hanging tasks continue. */
    void unblock() {
        nextToHang = 0;
        tasks.addAll(0, stuck);
        stuck.clear();
        if (!tasks.isEmpty()) {
            world.wake(this);
        }
    }

    @Override
    public String leftovers() {
        return tasks.isEmpty() && stuck.isEmpty() ? "" : tasks.size() + " tasks, and hangs in " + stuck.size();
    }

    @Override
    public void execute(Runnable task) {
        if (isShutdown) {
            throw new RejectedExecutionException(name + " has ended");
        }
        tasks.add(task);
        if (hasTask()) {
            world.wake(this);
        }
    }

    @Override
    public void shutdown() {
        isShutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        isShutdown = true;
        List<Runnable> left = List.copyOf(tasks);
        tasks.clear();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return isShutdown;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody waits in virtual time");
    }
}
