package org.minip2p.simulation;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An event loop, or another executor of one thread, that runs one task whenever its world says so. It is {@code inEventLoop} only then:
 * what one loop passes to another stays a task, and a seed can choose every order in which real threads could run the tasks.
 *
 * <p>Netty's {@code ManualIoEventLoop} runs all of its tasks at once, and its {@code inEventLoop(Thread)} is final; here one thread runs
 * all loops.
 */
@SuppressWarnings("deprecation") // methods that an event loop must implement
final class Loop extends AbstractScheduledEventExecutor implements EventLoop, Worker {
    private enum State {
        RUNNING,
        SHUTTING_DOWN,
        TERMINATED
    }

    private final World world;
    private final String name;
    private final HostClock clock;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Timers timers = new Timers();
    private final Promise<Void> terminated;
    private State state = State.RUNNING;

    /**
     * Creates a loop without tasks.
     *
     * @param world lets it run
     * @param name its name in a trace
     * @param clock the clock of its timers
     * @param outside the executor on which its end is reported
     */
    Loop(World world, String name, HostClock clock, EventExecutor outside) {
        this.world = world;
        this.name = name;
        this.clock = clock;
        this.terminated = new DefaultPromise<>(outside);
        world.join(this);
    }

    /** Creates a loop that never ends, on which the ends of the others are reported. */
    static Loop outside(World world) {
        return new Loop(world);
    }

    private Loop(World world) {
        this.world = world;
        this.name = "outside";
        this.clock = new HostClock(world);
        this.terminated = new DefaultPromise<>(this);
        world.join(this);
    }

    // Worker

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean hasTask() {
        long deadline = nextScheduledTaskDeadlineNanos();
        return !tasks.isEmpty() || (deadline >= 0 && deadline <= clock.nanoTime());
    }

    @Override
    public long nextTimerNanos() {
        long deadline = nextScheduledTaskDeadlineNanos();
        return deadline < 0 ? NEVER : clock.toWorld(deadline);
    }

    @Override
    public void runOne() {
        fetchFromScheduledTaskQueue(tasks);
        Runnable task = tasks.poll();
        if (task != null) {
            try {
                task.run();
            } catch (Throwable e) {
                world.fault(name + " got a task that threw " + Faults.describe(e));
            }
        }
        if (state == State.SHUTTING_DOWN && tasks.isEmpty()) {
            cancelScheduledTasks();
            if (tasks.isEmpty()) {
                state = State.TERMINATED;
                world.note(name, "ended");
                terminated.setSuccess(null);
            }
        }
    }

    @Override
    public String leftovers() {
        if (state == State.TERMINATED) {
            return tasks.isEmpty() ? "" : tasks.size() + " tasks although it has ended";
        }
        long deadline = nextScheduledTaskDeadlineNanos();
        return (tasks.isEmpty() ? "" : tasks.size() + " tasks ")
                + (deadline < 0
                        ? ""
                        : "a timer that is due in " + (deadline - clock.nanoTime()) / 1_000_000 + " ms, of "
                                + timers.owners());
    }

    /** The timers that have not run and were not cancelled. */
    Timers timers() {
        return timers;
    }

    // EventLoop

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return timers.add(task, super.schedule(task, delay, unit));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return timers.add(task, super.schedule(task, delay, unit));
    }

    @Override
    public Ticker ticker() {
        return clock;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return world.isRunning(this);
    }

    @Override
    public void execute(Runnable task) {
        if (state == State.TERMINATED) {
            throw new RejectedExecutionException(name + " has ended");
        }
        tasks.add(task);
        world.wake(this);
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        if (state == State.RUNNING) {
            state = State.SHUTTING_DOWN;
            execute(() -> {});
        }
        return terminated;
    }

    @Override
    public void shutdown() {
        var unused = shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    public boolean isShuttingDown() {
        return state != State.RUNNING;
    }

    @Override
    public boolean isShutdown() {
        return state == State.TERMINATED;
    }

    @Override
    public boolean isTerminated() {
        return state == State.TERMINATED;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody waits in virtual time");
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    @SuppressWarnings("NullAway") // like Netty's own loops without a group
    public EventLoopGroup parent() {
        return null;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public String toString() {
        return name;
    }
}
