package org.minip2p.host;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.accepting.AcceptingInside;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.transport.IoBackend;

/** Starts hosts for a test, closes them after it, and waits for their events and results. */
public final class Hosts implements AutoCloseable {
    public static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    public static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Host> started = new ArrayList<>();
    private final Map<Host, HostMemory> memories = new ConcurrentHashMap<>();
    private final IoBackend backend;

    /** Hosts on NIO. */
    public Hosts() {
        this("nio");
    }

    /** Hosts on this I/O back end. Skips the test if the back end is not available. */
    public Hosts(String io) {
        IoBackend.unavailability(io).ifPresent(reason -> abort("no " + io + " here: " + reason));
        backend = IoBackend.named(io);
    }

    /** A host that listens on loopback and serves the echo protocol. */
    public Host listener() {
        return start(Host.builder().listen(LOOPBACK).handle(ECHO, HALF_OPEN, Hosts::echo));
    }

    public Host listener(HostConfig config) {
        return start(Host.builder().config(config).listen(LOOPBACK).handle(ECHO, HALF_OPEN, Hosts::echo));
    }

    public Host dialer() {
        return start(Host.builder());
    }

    public Host start(HostBuilder builder) {
        HostMemory memory = builder.environment.memory;
        if (memory == null) {
            memory = HostMemory.of(builder.config.get(HostConfig.HOST_MEMORY_BYTES));
            builder.environment.memory(memory);
        }
        Host host = await(builder.ioBackend(backend).start());
        started.add(host);
        memories.put(host, memory);
        return host;
    }

    /** The memory that the connections of a host hold. */
    public HostMemory memory(Host host) {
        return Objects.requireNonNull(memories.get(host));
    }

    /** The limits and the counts of a host's sockets. */
    static ConnectionLimits limits(Host host) {
        return AcceptingInside.limits(host.listeners);
    }

    /** A thread that does not keep the process alive. */
    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    public static void echo(ProtocolStream stream) {
        stream.pipeline().addLast(new EchoHandler());
    }

    public static Multiaddr address(Host host) {
        return host.addresses().get(0);
    }

    public static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** The exception with which a future failed. */
    public static Throwable failure(CompletableFuture<?> future) {
        try {
            Object value = await(future);
            throw new AssertionError("expected a failure, but came " + value);
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    public static void awaitTrue(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() {
        CompletableFuture.allOf(started.stream().map(Host::closeAsync).toArray(CompletableFuture[]::new))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** The events of a host, in order. */
    static final class Recorder implements HostListener {
        private final BlockingDeque<HostEvent> events = new LinkedBlockingDeque<>();

        @Override
        public void onEvent(Host host, HostEvent event) {
            events.add(event);
        }

        /** The next event, which must be of this type. */
        <T extends HostEvent> T next(Class<T> type) throws InterruptedException {
            HostEvent event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!type.isInstance(event)) {
                throw new AssertionError("expected " + type.getSimpleName() + ", but came " + event);
            }
            return type.cast(event);
        }

        /** The next event of this type; others stay. For sockets that have no connection: their events have no order. */
        <T extends HostEvent> T anyOf(Class<T> type) throws InterruptedException {
            Deque<HostEvent> others = new ArrayDeque<>();
            for (HostEvent event; (event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) != null; ) {
                if (type.isInstance(event)) {
                    others.forEach(events::addFirst);
                    return type.cast(event);
                }
                others.addFirst(event);
            }
            throw new AssertionError("expected " + type.getSimpleName() + ", but came only " + others);
        }

        boolean isEmpty() {
            return events.isEmpty();
        }
    }

    /** Echoes the bytes, no faster than they leave, and then ends its side. */
    static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }
    }
}
