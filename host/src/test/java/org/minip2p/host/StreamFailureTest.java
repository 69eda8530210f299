package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.StreamResetException;
import org.minip2p.host.streams.StreamFailures;
import org.slf4j.simple.CapturedLog;

/** What the host reports about handlers that fail, and about streams that end. */
class StreamFailureTest {
    private static final ProtocolId ID = new ProtocolId("/test/failing");

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    private record Failure(ProtocolStream stream, Throwable cause) {}

    @ParameterizedTest
    @ValueSource(strings = {"opened", "channelRead", "blocking"})
    void anExceptionThatNobodyCatchesIsToldOnceAndEndsTheStreamAlone(String where) throws Exception {
        List<Failure> failures = new CopyOnWriteArrayList<>();
        StreamHandler handler = switch (where) {
            case "opened" ->
                stream -> {
                    throw new StackOverflowError("a bug, provoked by the test");
                };
            case "channelRead" -> stream -> stream.pipeline().addLast(new Failing());
            default ->
                BlockingStream.handler(Executors.newCachedThreadPool(Hosts::daemon), stream -> {
                    throw new IllegalStateException("a bug, provoked by the test");
                });
        };
        Host server = hosts.start(
                Host.builder().listen(LOOPBACK).handle(ID, HALF_OPEN, handler).streamFailure((host, stream, cause) -> {
                    failures.add(new Failure(stream, cause));
                    throw new IllegalStateException("the listener fails, too");
                }));
        Connection connection = await(hosts.dialer().dial(address(server)));
        Recorder recorder = new Recorder();

        await(connection.openStream(ID, stream -> {
            stream.pipeline().addLast(recorder);
            stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
        }));

        awaitTrue("it is told", () -> recorder.isInactive && !failures.isEmpty());
        assertThat(recorder.causes).hasSize(1).first().isInstanceOf(StreamResetException.class);
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).stream().protocol()).isEqualTo(ID);
        assertThat(failures.get(0).cause()).hasMessageContaining("a bug, provoked by the test");
        await(connection.ping());
    }

    /** The opener uses the stream before the peer has confirmed the protocol. Its handlers are told of the end once. */
    @Test
    void aResetBeforeTheConfirmationIsToldOnceAndSaysWhy() throws Exception {
        Host server = hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.MAX_INBOUND_STREAMS, 1))
                .listen(LOOPBACK)
                .handle(ID, HALF_OPEN, stream -> {}));
        Connection connection = await(hosts.dialer().dial(address(server)));
        await(connection.openStream(ID, stream -> {}));
        Recorder recorder = new Recorder();

        await(connection.openStream(ID, stream -> stream.pipeline().addLast(recorder)));

        awaitTrue("it is over", () -> recorder.isInactive);
        assertThat(recorder.causes).hasSize(1);
        assertThat(recorder.causes.get(0))
                .isInstanceOf(StreamResetException.class)
                .hasMessageContaining("resource limit exceeded");
        await(connection.ping());
    }

    @Test
    void aResetCarriesACodeAndASecondOneDoesNothing() throws Exception {
        Host server =
                hosts.start(Host.builder().listen(LOOPBACK).handle(ID, HALF_OPEN, stream -> stream.reset(0x1003)));
        Connection connection = await(hosts.dialer().dial(address(server)));
        Recorder recorder = new Recorder();

        ProtocolStream stream =
                await(connection.openStream(ID, opened -> opened.pipeline().addLast(recorder)));

        awaitTrue("it is over", () -> recorder.isInactive);
        assertThat(recorder.causes).hasSize(1);
        assertThat(recorder.causes.get(0)).hasMessageEndingWith("was reset by the peer: rate limited (code 0x1003)");
        stream.reset(7);
        stream.reset();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.reset(1L << 32))
                .withMessageContaining("32 bits");
        assertThat(stream.channel()
                        .writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))
                        .await()
                        .cause())
                .isInstanceOf(StreamResetException.class);
    }

    /**
     * A relay, for example, must connect a socket before it knows where to pass bytes on. So it adds handlers later.
     */
    @Test
    void handlersThatAreAddedLaterAreToldOfTheEndAndOfFailures() throws Exception {
        Recorder late = new Recorder();
        List<Throwable> untold = new CopyOnWriteArrayList<>();
        CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ID, HALF_OPEN, served::complete)
                .streamFailure((host, stream, cause) -> untold.add(cause)));
        Connection connection = await(hosts.dialer().dial(address(server)));
        ProtocolStream asking = await(connection.openStream(ID, stream -> {}));
        addLast(await(served), late);

        asking.channel().shutdownOutput();

        awaitTrue("the end is told", () -> late.events.contains(ChannelInputShutdownEvent.INSTANCE));
        connection.abort();
        awaitTrue("the failure is told", () -> late.causes.size() == 1 && late.isInactive);
        assertThat(untold).as("failures that the late handler did not catch").isEmpty();
    }

    /**
     * Adds the handler on the event loop. Another thread would add it too late for bytes that are read before the loop
     * runs its tasks.
     */
    private static void addLast(ProtocolStream stream, ChannelHandler handler) throws InterruptedException {
        stream.channel()
                .eventLoop()
                .submit(() -> stream.pipeline().addLast(handler))
                .sync();
    }

    @Test
    void whatALateHandlerLetsPassIsToldOnceAndResetsTheStream() throws Exception {
        List<Failure> failures = new CopyOnWriteArrayList<>();
        CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ID, HALF_OPEN, served::complete)
                .streamFailure((host, stream, cause) -> failures.add(new Failure(stream, cause))));
        Connection connection = await(hosts.dialer().dial(address(server)));
        Recorder recorder = new Recorder();
        ProtocolStream asking =
                await(connection.openStream(ID, stream -> stream.pipeline().addLast(recorder)));
        addLast(await(served), new Failing());

        asking.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));

        awaitTrue("the stream is reset", () -> recorder.isInactive && !failures.isEmpty());
        assertThat(recorder.causes).singleElement().isInstanceOf(StreamResetException.class);
        assertThat(failures).singleElement().extracting(Failure::cause).isInstanceOf(IllegalStateException.class);
        assertThat(await(served).pipeline().toMap().values().stream()
                        .map(handler -> handler.getClass().getSimpleName()))
                .as("handlers, with a single tail")
                .doesNotHaveDuplicates();
        await(connection.ping());
    }

    /** For example, a handler that makes several messages of one, and passes each to the head of the pipeline. */
    @Test
    void aLateHandlerThatReadsFromWithinAReadIsToldOfOnce() throws Exception {
        List<Failure> failures = new CopyOnWriteArrayList<>();
        CompletableFuture<ProtocolStream> served = new CompletableFuture<>();
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ID, HALF_OPEN, served::complete)
                .streamFailure((host, stream, cause) -> failures.add(new Failure(stream, cause))));
        Connection connection = await(hosts.dialer().dial(address(server)));
        Recorder recorder = new Recorder();
        ProtocolStream asking =
                await(connection.openStream(ID, stream -> stream.pipeline().addLast(recorder)));
        addLast(await(served), new ChannelInboundHandlerAdapter() {
            private boolean isInner;

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (isInner) {
                    ReferenceCountUtil.release(message);
                    return;
                }
                isInner = true;
                ctx.pipeline().fireChannelRead(message);
                throw new IllegalStateException("a bug, provoked by the test");
            }
        });

        asking.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));

        awaitTrue("the stream is reset", () -> recorder.isInactive && !failures.isEmpty());
        assertThat(failures).singleElement().extracting(Failure::cause).isInstanceOf(IllegalStateException.class);
        await(connection.ping());
    }

    /**
     * For example, a peer may cut a request or fall silent. If that were logged at warn, any peer could fill the log
     * with stack traces.
     */
    @Test
    void whatAPeerCanBringAboutIsSaidAtDebugAndABugOfTheApplicationAtWarn() throws Exception {
        try (CapturedLog log = new CapturedLog(StreamFailures.class)) {
            for (Exception cause : List.of(
                    new PrematureChannelClosureException("cut"),
                    new DecoderException("garbage"),
                    new ChannelException("as Netty's ReadTimeoutException is"),
                    new ChannelPipelineException("a bug"),
                    new IllegalStateException("a bug"))) {
                Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(ID, HALF_OPEN, stream -> {
                    throw cause;
                }));
                await(await(hosts.dialer().dial(address(server)))
                        .openStream(ID, stream -> stream.pipeline().addLast(new Recorder())));
            }

            awaitTrue("all are said", () -> levels(log).size() == 5);
            assertThat(levels(log)).containsExactlyInAnyOrder("DEBUG", "DEBUG", "DEBUG", "WARN", "WARN");
        }
    }

    private static List<String> levels(CapturedLog log) {
        return log.lines().stream()
                .filter(line -> line.startsWith("DEBUG ") || line.startsWith("WARN "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    // H21
    @Test
    void callsThatAreGivenUpByTheHundredLeaveTheConnectionAlone() throws Exception {
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(ID, HALF_OPEN, stream -> {}));
        Connection connection = await(hosts.dialer().dial(address(server)));
        CompletableFuture<Throwable> subscription = new CompletableFuture<>();
        await(connection.openStream(
                ID,
                stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        subscription.complete(cause);
                    }
                })));

        for (int i = 0; i < 1_500; i++) {
            await(connection.openStream(
                            ID, stream -> stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))))
                    .reset();
        }

        await(connection.ping());
        assertThat(subscription).isNotDone();
    }

    private static final class Failing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            throw new IllegalStateException("a bug, provoked by the test");
        }
    }

    private static final class Recorder extends ChannelInboundHandlerAdapter {
        final List<Throwable> causes = new CopyOnWriteArrayList<>();
        final List<Object> events = new CopyOnWriteArrayList<>();
        volatile boolean isInactive;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            causes.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            isInactive = true;
        }
    }
}
