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

/** The event loops of a transport: its own, which end with it, or somebody else's. Thread-safe. */
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

    /** Uses loops that others may use as well, and never ends them. */
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
     * Makes known each socket that a handler is put into.
     *
     * @param initializer what stands in the socket's pipeline
     * @return what is to stand there instead
     */
    abstract ChannelHandler tracked(ChannelHandler initializer);

    /** Completes when somebody else has ended them; never after {@link #end}. */
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
            settled.complete(null); // it has ended, and has nothing put off
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
            // What has been closed a moment ago leaves its loop with the next task but one.
            CompletableFuture<Void> settled = hasSockets()
                    ? settleAll().thenCompose(once -> settleAll())
                    : CompletableFuture.completedFuture(null);
            settled.thenRun(() -> {
                // Without any quiet time a loop that is busy ends without a look at its sockets, and they stay open.
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

    /** Ends the sockets alone. */
    private static final class Shared extends EventLoops {
        private final Set<Channel> open = ConcurrentHashMap.newKeySet();

        /** Those that have had a socket, no other is woken, and what they run when they are ended. */
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

        /** Closes the sockets of a loop that others end: without any quiet time it would itself not do so. */
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
            // A group that others share for long must not remember each transport.
            terminated().removeListener(watch);
            CompletableFuture<?>[] closed = open.stream().map(Transport::close).toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(closed)
                    .thenCompose(all -> settle())
                    .thenCompose(once -> settle())
                    .thenRun(this::leave);
        }

        /** What a close has put off runs before this is complete; what that puts off, before it is complete again. */
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
