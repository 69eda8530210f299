package org.minip2p.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of a transport: its own, which end with it, or foreign ones. Thread-safe. */
abstract class EventLoops {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    private final EventLoopGroup group;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    private EventLoops(EventLoopGroup group) {
        this.group = group;
    }

    /** Starts loops of daemon threads. */
    static EventLoops own(IoBackend backend, int threads) {
        return new Own(new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("minip2p-io", true), backend.handlerFactory()));
    }

    /** Uses loops that others may also use, and never shuts them down. */
    static EventLoops shared(EventLoopGroup group) {
        return new Shared(group);
    }

    EventLoopGroup group() {
        return group;
    }

    /** Whether the current thread is one of them. */
    boolean isCurrentThread() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Registers each socket that gets a handler.
     *
     * @param initializer the handler of the socket's pipeline
     * @return the handler to use instead
     */
    abstract ChannelHandler tracked(ChannelHandler initializer);

    /** Completes when someone else has shut them down; never after {@link #end}. */
    CompletableFuture<Void> lost() {
        return lost;
    }

    /**
     * Closes every socket.
     *
     * @return completes when they are closed and their last task has run, with the loops if these are the transport's own
     */
    abstract CompletableFuture<Void> end();

    /** Completes when all tasks that a loop has now have run. */
    private static CompletableFuture<Void> settle(EventExecutor loop) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        try {
            loop.execute(() -> settled.complete(null));
        } catch (RejectedExecutionException e) {
            settled.complete(null); // it has ended, and has no deferred task
        }
        return settled;
    }

    /** Ends the loops, and with them every socket. */
    private static final class Own extends EventLoops {
        private static final long SHUTDOWN_MILLIS = 5_000;

        Own(EventLoopGroup group) {
            super(group);
        }

        @Override
        ChannelHandler tracked(ChannelHandler initializer) {
            return initializer; // the loops know each socket
        }

        @Override
        CompletableFuture<Void> end() {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            // A socket that was just closed leaves its loop after the next task but one.
            CompletableFuture<Void> settled = hasSockets()
                    ? settleAll().thenCompose(once -> settleAll())
                    : CompletableFuture.completedFuture(null);
            settled.thenRun(() -> {
                // Without any quiet time, a busy loop ends without checking its sockets, and they stay open.
                long quietMillis = hasSockets() ? 1 : 0;
                group().shutdownGracefully(quietMillis, SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
                        .addListener(down -> ended.complete(null));
            });
            return ended;
        }

        private CompletableFuture<Void> settleAll() {
            List<CompletableFuture<Void>> settling = new ArrayList<>();
            for (EventExecutor loop : group()) {
                if (isUsed(loop)) {
                    settling.add(settle(loop));
                }
            }
            return CompletableFuture.allOf(settling.toArray(CompletableFuture[]::new));
        }

        private boolean hasSockets() {
            for (EventExecutor loop : group()) {
                if (isUsed(loop)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isUsed(EventExecutor loop) {
            return loop instanceof SingleThreadEventLoop known && known.registeredChannels() != 0;
        }
    }

    /** Closes only the sockets. */
    private static final class Shared extends EventLoops {
        private final Set<Channel> open = ConcurrentHashMap.newKeySet();

        /** The loops that have had a socket, so that no other is woken, and the task that each runs when it ends. */
        private final Map<EventLoop, Runnable> used = new ConcurrentHashMap<>();

        private volatile boolean ended;
        private final FutureListener<Object> watch = over -> lost().complete(null);

        Shared(EventLoopGroup group) {
            super(group);
            terminated().addListener(watch);
        }

        @Override
        ChannelHandler tracked(ChannelHandler initializer) {
            return new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    if (track(channel)) {
                        channel.pipeline().addLast(initializer);
                    }
                }
            };
        }

        /** False when the end has come before it. */
        private boolean track(Channel channel) {
            EventLoop loop = channel.eventLoop();
            used.computeIfAbsent(loop, this::watched);
            open.add(channel);
            channel.closeFuture().addListener(closed -> open.remove(channel));
            if (ended || loop.isShuttingDown()) {
                channel.close();
                return false;
            }
            return true;
        }

        /**
         * Closes the sockets of a loop that someone else shuts down: without quiet time, the loop would not do so itself.
         */
        private Runnable watched(EventLoop loop) {
            Runnable hook = () -> open.forEach(channel -> {
                if (channel.eventLoop() == loop) {
                    channel.close();
                }
            });
            if (loop instanceof SingleThreadEventExecutor executor) {
                executor.addShutdownHook(hook);
            }
            return hook;
        }

        @SuppressWarnings("unchecked")
        private Future<Object> terminated() {
            return (Future<Object>) group().terminationFuture();
        }

        @Override
        CompletableFuture<Void> end() {
            ended = true;
            // A long-lived shared group must not keep a reference to each transport.
            terminated().removeListener(watch);
            CompletableFuture<?>[] closed = open.stream().map(Transport::close).toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(closed)
                    .thenCompose(all -> settle())
                    .thenCompose(once -> settle())
                    .thenRun(this::leave);
        }

        /**
         * Tasks that a close has deferred run before this completes; tasks that those defer run before it completes
         * again.
         */
        private CompletableFuture<Void> settle() {
            return CompletableFuture.allOf(
                    used.keySet().stream().map(EventLoops::settle).toArray(CompletableFuture[]::new));
        }

        /** The loops keep nothing of this transport. */
        private void leave() {
            used.forEach((loop, hook) -> {
                if (loop instanceof SingleThreadEventExecutor executor && !executor.isShuttingDown()) {
                    try {
                        executor.removeShutdownHook(hook);
                    } catch (RejectedExecutionException e) {
                        LOG.trace("an event loop ended with its transport");
                    }
                }
            });
        }
    }
}
