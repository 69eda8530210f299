package org.minip2p.simulation;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The event loops of one machine, used in turn. */
@SuppressWarnings("deprecation") // methods that a group must implement
final class Loops extends AbstractEventExecutorGroup implements EventLoopGroup {
    private final List<Loop> loops;
    private int next;

    Loops(List<Loop> loops) {
        this.loops = List.copyOf(loops);
    }

    /** Whether one of them is running now. */
    boolean isCurrent() {
        return loops.stream().anyMatch(Loop::inEventLoop);
    }

    /** Completes when each loop has run its current tasks. */
    CompletableFuture<Void> settle() {
        return CompletableFuture.allOf(loops.stream().map(Loops::settle).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> settle(Loop loop) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        try {
            loop.execute(() -> settled.complete(null));
        } catch (RejectedExecutionException e) {
            settled.complete(null);
        }
        return settled;
    }

    /** Ends them all. */
    CompletableFuture<Void> end() {
        return CompletableFuture.allOf(loops.stream().map(Loops::end).toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> end(Loop loop) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).addListener(done -> ended.complete(null));
        return ended;
    }

    @Override
    public EventLoop next() {
        next = (next + 1) % loops.size();
        return loops.get(next);
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return next().register(channel);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        return next().register(promise);
    }

    @Override
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        return next().register(channel, promise);
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return List.<EventExecutor>copyOf(loops).iterator();
    }

    @Override
    public boolean isShuttingDown() {
        return loops.stream().allMatch(Loop::isShuttingDown);
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("the machine ends them");
    }

    @Override
    public Future<?> terminationFuture() {
        return loops.get(0).terminationFuture();
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException("the machine ends them");
    }

    @Override
    public boolean isShutdown() {
        return loops.stream().allMatch(Loop::isShutdown);
    }

    @Override
    public boolean isTerminated() {
        return loops.stream().allMatch(Loop::isTerminated);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody waits in virtual time");
    }
}
