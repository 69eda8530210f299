package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;

/** What happens to a stream when its peer has ended its side, and how handlers begin. */
class PeerEndTest {
    private static final ProtocolId ID = new ProtocolId("/test/peer-end");

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    /** The handlers do not know about half-closure, like most handlers of Netty. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Conforms("MSS-37")
    void closesAStreamWithItsPeerAfterTheAnswerHasLeft(boolean inTheFirstFlight) throws Exception {
        List<Channel> served = new CopyOnWriteArrayList<>();
        Connection connection =
                connect(hosts.start(Host.builder().listen(LOOPBACK).handle(ID, CLOSE_WITH_PEER, stream -> {
                    served.add(stream.channel());
                    stream.pipeline().addLast(PauseWhileUnwritable.INSTANCE, new PlainEcho());
                })));
        Log log = new Log();
        ProtocolStream stream = await(connection.openStream(ID, opened -> {
            opened.pipeline().addLast(log);
            if (inTheFirstFlight) {
                opened.channel().writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
                opened.channel().shutdownOutput();
            }
        }));
        if (!inTheFirstFlight) {
            stream.channel().writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
            awaitTrue("it is echoed", () -> log.text.toString().length() == 5);
            assertThat(served.get(0).isOpen()).isTrue();
            stream.channel().shutdownOutput();
        }

        awaitTrue(
                "both ends are closed",
                () -> log.events.contains("inactive") && !served.get(0).isOpen());
        assertThat(log.text).hasValue("hello");
        assertThat(log.events).containsExactly("active", "end", "inactive");
    }

    @Test
    void leavesAHalfOpenStreamToItsHandlers() throws Exception {
        CompletableFuture<Channel> served = new CompletableFuture<>();
        Log atServer = new Log();
        Connection connection =
                connect(hosts.start(Host.builder().listen(LOOPBACK).handle(ID, HALF_OPEN, stream -> {
                    stream.pipeline().addLast(atServer);
                    served.complete(stream.channel());
                })));
        Log log = new Log();
        await(connection.openStream(ID, opened -> {
            opened.pipeline().addLast(log);
            opened.channel().shutdownOutput();
        }));
        awaitTrue("the end is told", () -> atServer.events.contains("end"));
        assertThat(atServer.events).containsExactly("active", "end");
        assertThat(await(served).isActive()).isTrue();

        await(served).writeAndFlush(Unpooled.copiedBuffer("late", StandardCharsets.UTF_8));
        await(served).close();

        awaitTrue("the answer is there", () -> log.events.contains("inactive"));
        assertThat(log.text).hasValue("late");
    }

    @Test
    void closesAHalfOpenStreamThatItsHandlersForget() throws Exception {
        CompletableFuture<Channel> served = new CompletableFuture<>();
        Connection connection = connect(hosts.start(Host.builder()
                .config(HostConfig.defaults().with(HostConfig.HALF_OPEN_TIMEOUT, Duration.ofMillis(200)))
                .listen(LOOPBACK)
                .handle(ID, HALF_OPEN, stream -> served.complete(stream.channel()))));
        Log log = new Log();

        await(connection.openStream(ID, opened -> {
            opened.pipeline().addLast(log);
            opened.channel().shutdownOutput();
        }));

        awaitTrue(
                "both are closed", () -> served.isDone() && !served.join().isOpen() && log.events.contains("inactive"));
        assertThat(log.events).containsExactly("active", "end", "inactive");
    }

    /** A Netty handler that begins in {@code channelActive} works on a stream, whichever side opened the stream. */
    @ParameterizedTest
    @EnumSource(PeerEnd.class)
    void tellsHandlersOnBothSidesThatTheChannelIsActive(PeerEnd peerEnd) throws Exception {
        Greeting atServer = new Greeting();
        Greeting atClient = new Greeting();
        Connection connection = connect(hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ID, peerEnd, stream -> stream.pipeline().addLast(atServer))));

        await(connection.openStream(ID, stream -> stream.pipeline().addLast(atClient)));
        await(connection.openStream(List.of(new ProtocolId("/unknown"), ID), stream -> {}));

        awaitTrue(
                "both have greeted",
                () -> atServer.times.get() == 2
                        && atServer.text.toString().length() == 2
                        && atClient.text.toString().length() == 2);
        assertThat(atServer.times).hasValue(2); // once on each of the two streams
        assertThat(atClient.times).hasValue(1);
    }

    // Runs the program of the README in a loop.
    @Test
    void theFirstProgramOfTheReadmeWorksThousandsOfTimesOnOneConnection() throws Exception {
        Connection connection = connect(hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(
                        ID,
                        CLOSE_WITH_PEER,
                        stream -> stream.pipeline().addLast(PauseWhileUnwritable.INSTANCE, new PlainEcho()))));
        for (int i = 0; i < 3_000; i++) {
            try (BlockingStream stream = BlockingStream.open(connection, ID)) {
                stream.outputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                assertThat(stream.inputStream().readNBytes(5)).asString().isEqualTo("hello");
            }
        }
        assertThat(connection.isOpen()).isTrue();
    }

    private Connection connect(Host server) {
        return await(hosts.dialer().dial(address(server)));
    }

    private static final class PlainEcho extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }

    private static final class Greeting extends ChannelInboundHandlerAdapter {
        final AtomicReference<String> text = new AtomicReference<>("");
        final AtomicInteger times = new AtomicInteger();

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            times.incrementAndGet();
            ctx.writeAndFlush(Unpooled.copiedBuffer("hi", StandardCharsets.UTF_8));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            text.accumulateAndGet(in.toString(StandardCharsets.UTF_8), String::concat);
            in.release();
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    private static final class Log extends ChannelInboundHandlerAdapter {
        final AtomicReference<String> text = new AtomicReference<>("");
        final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            events.add("active");
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            text.accumulateAndGet(in.toString(StandardCharsets.UTF_8), String::concat);
            in.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                events.add("end");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause.toString());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
        }
    }
}
