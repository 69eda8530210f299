package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;

class BlockingStreamTest {
    private static final ProtocolId FAILING = new ProtocolId("/failing/1.0.0");
    private static final ProtocolId SINK = new ProtocolId("/sink/1.0.0");
    /** The negotiation has used some bytes of the window, so the last bytes of such a write wait for credit. */
    private static final int MORE_THAN_THE_WINDOW = 256 << 10;

    /** If the stream ended cleanly instead, the peer would take the bytes so far for the whole answer. */
    @Test
    @Conforms("CON-30")
    void isResetAndNotEndedWhenItsHandlerFails() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Hosts hosts = new Hosts()) {
            Host server = hosts.start(Host.builder()
                    .listen(LOOPBACK)
                    .handle(FAILING, HALF_OPEN, BlockingStream.handler(threads, stream -> {
                        stream.inputStream().readAllBytes();
                        stream.outputStream().write(1);
                        throw new IOException("no more");
                    })));
            Connection connection = await(hosts.dialer().dial(address(server)));

            try (BlockingStream stream = BlockingStream.open(connection, FAILING)) {
                stream.closeOutput();
                assertThatThrownBy(() -> stream.inputStream().readAllBytes()).isInstanceOf(IOException.class);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closingTellsThatBytesWhichAWriteTookAreLost() throws Exception {
        try (Hosts hosts = new Hosts()) {
            CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
            Connection connection = connect(hosts, SINK, stream -> {
                stream.channel().config().setAutoRead(false);
                served.complete(stream);
            });
            BlockingStream stream = BlockingStream.open(connection, SINK);
            await(served);
            stream.outputStream().write(new byte[MORE_THAN_THE_WINDOW]); // the last piece waits for credit
            await(served).reset();

            assertThatThrownBy(stream::close)
                    .isInstanceOf(StreamResetException.class)
                    .hasMessageContaining("reset by the peer");
            stream.close();
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void tryWithResourcesTellsTheFailureThatItsBodyMet() throws Exception {
        try (Hosts hosts = new Hosts()) {
            CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
            Connection connection = connect(hosts, SINK, stream -> {
                stream.channel().config().setAutoRead(false);
                served.complete(stream);
            });

            assertThatThrownBy(() -> {
                        try (BlockingStream stream = BlockingStream.open(connection, SINK);
                                OutputStream out = stream.outputStream()) {
                            out.write(new byte[MORE_THAN_THE_WINDOW]);
                            await(served).reset();
                            Hosts.awaitTrue("the reset is there", stream::isClosed);
                            out.write(1);
                        }
                    })
                    .isInstanceOf(StreamResetException.class)
                    .hasMessageContaining("reset by the peer")
                    .satisfies(told -> assertThat(told.getSuppressed())
                            .singleElement(InstanceOfAssertFactories.THROWABLE)
                            .hasCause(told));
        }
    }

    @Test
    void tryWithResourcesTellsTheFailureOfARead() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Connection connection = connect(hosts, SINK, stream -> {
                stream.channel().config().setAutoRead(false);
                stream.reset();
            });

            assertThatThrownBy(() -> {
                        try (BlockingStream stream = BlockingStream.open(connection, SINK)) {
                            stream.outputStream().write(new byte[MORE_THAN_THE_WINDOW]);
                            stream.inputStream().read();
                        }
                    })
                    .isInstanceOf(StreamResetException.class);
        }
    }

    /**
     * The peer does not support the protocol, and any of these calls may be the first to fail. Closing the stream does
     * not throw the same exception again.
     */
    @Test
    void tryWithResourcesTellsTheFailureOfTheEndOfTheOutput() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Connection connection = connect(hosts, SINK, stream -> {});

            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> {
                            try (BlockingStream stream =
                                    BlockingStream.open(connection, new ProtocolId("/nobody/speaks/this"))) {
                                stream.outputStream().write(1);
                                stream.closeOutput();
                                stream.inputStream().read();
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void endingTheOutputTellsThatBytesWhichAWriteTookAreLost() throws Exception {
        try (Hosts hosts = new Hosts()) {
            CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
            Connection connection = connect(hosts, SINK, stream -> {
                stream.channel().config().setAutoRead(false);
                served.complete(stream);
            });
            BlockingStream stream = BlockingStream.open(connection, SINK);
            await(served);
            stream.outputStream().write(new byte[MORE_THAN_THE_WINDOW]);
            await(served).reset();
            Hosts.awaitTrue("the reset is there", () -> connection.isOpen() && stream.isClosed());

            assertThatThrownBy(stream::closeOutput).isInstanceOf(StreamResetException.class);
            stream.close();
        }
    }

    @Test
    void closingTellsThatTheConnectionEndedUnderUnsentBytes() throws Exception {
        try (Hosts hosts = new Hosts()) {
            CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
            Connection connection = connect(hosts, SINK, stream -> {
                stream.channel().config().setAutoRead(false);
                served.complete(stream);
            });
            BlockingStream stream = BlockingStream.open(connection, SINK);
            stream.outputStream().write(new byte[MORE_THAN_THE_WINDOW]);
            CompletableFuture<Throwable> closing = CompletableFuture.supplyAsync(() -> {
                try {
                    stream.close();
                    return new AssertionError("closed in good order");
                } catch (IOException e) {
                    return e;
                }
            });
            // Closes the socket itself, so that the peer sends nothing more.
            await(served).channel().parent().close();

            assertThat(await(closing)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closingWaitsUntilWhatWasWrittenHasLeftAndNotForEver() throws Exception {
        try (Hosts hosts = new Hosts()) {
            CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
            AtomicLong read = new AtomicLong();
            Connection connection = connect(hosts, SINK, stream -> {
                stream.channel().config().setAutoRead(false);
                stream.pipeline().addLast(new ByteCounter(read));
                served.complete(stream);
            });
            BlockingStream stream = BlockingStream.open(connection, SINK).closeTimeout(Duration.ofMillis(50));
            stream.outputStream().write(new byte[MORE_THAN_THE_WINDOW]);
            await(served);
            assertThatThrownBy(stream::close)
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessageContaining("PT0.05S");

            await(served).channel().config().setAutoRead(true);

            Hosts.awaitTrue("all has arrived", () -> read.get() == MORE_THAN_THE_WINDOW);
        }
    }

    // H14
    @Test
    void anOpenThatTakesTooLongOrIsInterruptedLeavesNoStreamBehind() throws Exception {
        try (Hosts hosts = new Hosts()) {
            AtomicInteger served = new AtomicInteger();
            Host server = hosts.start(
                    Host.builder().listen(LOOPBACK).handle(SINK, HALF_OPEN, stream -> served.incrementAndGet()));
            Host client =
                    hosts.start(Host.builder().config(HostConfig.defaults().with(HostConfig.MAX_OUTBOUND_STREAMS, 1)));
            Connection connection = await(client.dial(address(server)));
            BlockingStream first = BlockingStream.open(connection, SINK);
            for (int i = 0; i < 300; i++) {
                assertThatThrownBy(() -> BlockingStream.open(connection, SINK, Duration.ofMillis(1)))
                        .isInstanceOf(InterruptedIOException.class);
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> BlockingStream.open(connection, SINK)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();

            first.reset();

            try (BlockingStream next = BlockingStream.open(connection, SINK)) {
                next.outputStream().write(1);
                Hosts.awaitTrue("the next is served", () -> served.get() >= 2);
            }
            assertThat(served).as("served streams, without those given up").hasValue(2);
        }
    }

    @Test
    void knowsItsPeerAndResets() throws Exception {
        try (Hosts hosts = new Hosts()) {
            CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
            Connection connection = connect(hosts, SINK, served::complete);
            BlockingStream stream = BlockingStream.open(connection, SINK);
            assertThat(stream.connection()).isSameAs(connection);
            assertThat(stream.remotePeer()).isEqualTo(connection.remotePeer());
            assertThat(stream.protocol()).isEqualTo(SINK);
            await(served);

            stream.reset();
            stream.close();

            assertThatThrownBy(() -> stream.inputStream().read()).isInstanceOf(IOException.class);
            Hosts.awaitTrue(
                    "the peer's end is closed", () -> !served.join().channel().isOpen());
        }
    }

    @Test
    void takesTheLongestDurationForEver() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Connection connection = connect(hosts, Hosts.ECHO, Hosts::echo);
            Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
            try (BlockingStream stream =
                    BlockingStream.open(connection, Hosts.ECHO, longest).timeout(longest)) {
                stream.outputStream().write(7);
                assertThat(stream.inputStream().read()).isEqualTo(7);
            }
        }
    }

    private static Connection connect(Hosts hosts, ProtocolId protocol, StreamHandler handler) {
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(protocol, HALF_OPEN, handler));
        return await(hosts.dialer().dial(address(server)));
    }

    private static final class ByteCounter extends SimpleChannelInboundHandler<ByteBuf> {
        private final AtomicLong bytes;

        ByteCounter(AtomicLong bytes) {
            this.bytes = bytes;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            bytes.addAndGet(in.readableBytes());
        }
    }
}
