package org.minip2p.examples;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.PeerEnd;
import org.minip2p.host.ProtocolStream;

/** The hosts and processes of a test, which are closed at its end. */
final class Nodes {
    static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** The longest wait for another process, which includes its start. */
    static final Duration PROCESS_PATIENCE = Duration.ofSeconds(60);

    /** The time limit of a test with processes. */
    static final int PROCESS_SECONDS = 240;

    private final List<AutoCloseable> started = new ArrayList<>();

    /** A host that listens on loopback. */
    Host host() {
        return host(Host.builder().listen(LOOPBACK));
    }

    Host host(HostBuilder builder) {
        Host host = await(builder.start());
        started.add(() -> await(host.closeAsync(Duration.ZERO)));
        return host;
    }

    /** A host that answers the first data on each stream of a protocol with these bytes, and then runs this action. */
    Host answering(ProtocolId protocol, byte[] bytes, BiConsumer<ProtocolStream, ChannelHandlerContext> then) {
        return host(Host.builder()
                .listen(LOOPBACK)
                .handle(
                        protocol,
                        PeerEnd.HALF_OPEN,
                        stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            private boolean hasAnswered;

                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                ReferenceCountUtil.release(message);
                                if (!hasAnswered) {
                                    hasAnswered = true;
                                    ctx.writeAndFlush(Unpooled.wrappedBuffer(bytes))
                                            .addListener(written -> then.accept(stream, ctx));
                                }
                            }
                        })));
    }

    /** A connection from a new host to this one. */
    Connection connect(Host server) {
        return await(host(Host.builder()).dial(address(server)));
    }

    <T extends AutoCloseable> T closing(T closed) {
        started.add(closed);
        return closed;
    }

    /** Starts a program in its own JVM, with little memory. */
    ChildProcess<String> program(Class<?> program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return closing(ChildProcess.start(program.getSimpleName(), command, ChildProcess.Stderr.MERGE));
    }

    /** The address on which a program says that it listens. */
    static String listening(ChildProcess<String> program) {
        String prefix = "listening on ";
        return program.await("address", line -> line.startsWith(prefix), PROCESS_PATIENCE)
                .substring(prefix.length());
    }

    static Multiaddr address(Host host) {
        return host.addresses().get(0);
    }

    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** The cause of a future's failure. */
    static Throwable failure(CompletableFuture<?> future) {
        try {
            throw new AssertionError("expected a failure, but came " + await(future));
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    static void awaitTrue(String what, Callable<Boolean> condition) throws Exception {
        awaitTrue(what, PATIENCE, condition);
    }

    /** Waits for longer: for processes that have to start, or for peers that wait before they dial again. */
    static void awaitTrue(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Closes the last one first, so that those that connect are closed before those that listen. */
    void close() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }
}
