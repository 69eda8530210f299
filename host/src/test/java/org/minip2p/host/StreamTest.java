package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.ECHO;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;
import static org.minip2p.host.connections.ConnectionsInside.muxer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.Role;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.testing.Conforms;
import org.minip2p.yamux.netty.YamuxStreamChannel;

/** How a stream of a connection behaves. */
class StreamTest {
    private static final ProtocolId OTHER = new ProtocolId("/other/1.0.0");

    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    @Conforms({"CON-2", "CON-23", "CON-24", "CON-26"})
    void isOpenedByEitherSideAndItsHandlerLearnsWhoSpeaksWhat() throws Exception {
        List<CompletableFuture<ProtocolStream>> seen = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        Host server = hosts.start(Host.builder()
                .listen(LOOPBACK)
                .handle(ECHO, HALF_OPEN, stream -> seen.get(0).complete(stream))
                .handle(OTHER, HALF_OPEN, stream -> seen.get(0).complete(stream)));
        Host client = hosts.start(
                Host.builder().handle(ECHO, HALF_OPEN, stream -> seen.get(1).complete(stream)));
        Connection dialed = await(client.dial(address(server)));
        awaitTrue("it is accepted", () -> server.connections().size() == 1);
        Connection accepted = server.connections().get(0);

        ProtocolStream there = await(dialed.openStream(OTHER, stream -> write(stream, 1)));
        ProtocolStream back = await(accepted.openStream(ECHO, stream -> write(stream, 1)));

        assertThat(await(seen.get(0)).protocol()).isEqualTo(OTHER);
        assertThat(await(seen.get(0)).remotePeer()).isEqualTo(client.peerId());
        assertThat(await(seen.get(0)).role()).isEqualTo(Role.RESPONDER);
        assertThat(await(seen.get(1)).protocol()).isEqualTo(ECHO);
        assertThat(await(seen.get(1)).remotePeer()).isEqualTo(server.peerId());
        assertThat(there.role()).isEqualTo(Role.INITIATOR);
        // The dialer is the client of Yamux: its streams have odd ids.
        assertThat(((YamuxStreamChannel) there.channel()).streamId() % 2).isEqualTo(1);
        assertThat(((YamuxStreamChannel) back.channel()).streamId() % 2).isZero();
    }

    @Test
    @Conforms({"CON-27", "CON-29"})
    void stopsItsSenderWhileNobodyReadsAndLosesNothing() throws Exception {
        CompletableFuture<ProtocolStream> atServer = new CompletableFuture<>();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(OTHER, HALF_OPEN, stream -> {
            stream.channel().config().setAutoRead(false);
            stream.pipeline().addLast(new Digest());
            atServer.complete(stream);
        }));
        Connection connection = await(hosts.dialer().dial(address(server)));
        byte[] data = new byte[1_000_000];
        new Random(3).nextBytes(data);

        ProtocolStream stream = await(connection.openStream(
                OTHER,
                opened -> opened.channel()
                        .writeAndFlush(opened.channel().alloc().buffer().writeBytes(data))));
        stream.channel().shutdownOutput();
        // The first frame arrives with the proposal and is delivered with it, so it is not held.
        awaitTrue("the window is full", () -> hosts.memory(server).heldBytes() >= 192 << 10);

        assertThat(stream.channel().isWritable()).isFalse();
        assertThat(hosts.memory(server).heldBytes()).as("held at the listener").isLessThanOrEqualTo(512 << 10);
        Digest digest = await(atServer).pipeline().get(Digest.class);
        assertThat(digest.whole).isNotDone();

        await(atServer).channel().config().setAutoRead(true);
        assertThat(await(digest.whole)).isEqualTo(data);
    }

    @Test
    @Conforms("CON-28")
    void canBeClosedForReadingWhileWritingGoesOn() throws Exception {
        CompletableFuture<ProtocolStream> atServer = new CompletableFuture<>();
        Host server = hosts.start(Host.builder().listen(LOOPBACK).handle(OTHER, HALF_OPEN, stream -> {
            stream.pipeline().addLast(new Digest());
            atServer.complete(stream);
        }));
        Connection connection = await(hosts.dialer().dial(address(server)));
        ProtocolStream stream = await(connection.openStream(OTHER, opened -> write(opened, 10)));

        stream.channel().shutdownInput().syncUninterruptibly();
        write(await(atServer), 100_000);
        write(stream, 20);
        stream.channel().shutdownOutput();

        assertThat(await(await(atServer).pipeline().get(Digest.class).whole)).hasSize(30);
    }

    @Test
    @Conforms("CON-34")
    void isRefusedBeyondTheLimitOfAConnection() throws Exception {
        Host server = hosts.listener(HostConfig.defaults().with(HostConfig.MAX_INBOUND_STREAMS, 3));
        Connection connection = await(hosts.dialer().dial(address(server)));
        List<BlockingStream> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            BlockingStream stream = BlockingStream.open(connection, ECHO);
            stream.outputStream().write(i);
            assertThat(stream.inputStream().read()).isEqualTo(i);
            open.add(stream);
        }

        // Any call after the refusal may report it.
        assertThatThrownBy(() -> {
                    try (BlockingStream tooMany = BlockingStream.open(connection, ECHO)) {
                        tooMany.outputStream().write(4);
                        tooMany.inputStream().read();
                    }
                })
                .isInstanceOf(StreamResetException.class)
                .hasMessageContaining("reset by the peer");
        for (BlockingStream stream : open) {
            stream.close();
        }
        awaitTrue("there is room again", () -> {
            try {
                return HostTest.echo(connection, new byte[4]).length == 4;
            } catch (Exception stillRefused) {
                return false;
            }
        });
    }

    @Test
    @Conforms({"CON-35", "MSS-26"})
    void isResetWhenItsNegotiationDoesNotComeInTime() throws Exception {
        Host server =
                hosts.listener(HostConfig.defaults().with(HostConfig.NEGOTIATION_TIMEOUT, Duration.ofMillis(200)));
        Connection connection = await(hosts.dialer().dial(address(server)));
        CompletableFuture<Void> reset = new CompletableFuture<>();

        muxer(connection).openStream(channel -> {
            channel.closeFuture().addListener(closed -> reset.complete(null));
            channel.write(channel.alloc().buffer().writeByte(0x13));
            channel.flush();
        });

        await(reset);
        assertThat(HostTest.echo(connection, new byte[4])).hasSize(4);
    }

    @Test
    @Conforms("CON-31")
    void isResetAloneWhenItsNegotiationIsGarbage() throws Exception {
        Host server = hosts.listener();
        Connection connection = await(hosts.dialer().dial(address(server)));
        CompletableFuture<Void> reset = new CompletableFuture<>();

        muxer(connection).openStream(channel -> {
            channel.closeFuture().addListener(closed -> reset.complete(null));
            channel.write(channel.alloc().buffer().writeZero(100));
            channel.flush();
        });

        await(reset);
        assertThat(HostTest.echo(connection, new byte[4])).hasSize(4);
    }

    // H10
    @Test
    @Conforms("YMX-76")
    void aPeerThatSpoilsStreamAfterStreamLosesItsConnection() throws Exception {
        Host server = hosts.listener(HostConfig.defaults().with(HostConfig.MAX_RESETS, 50));
        Connection connection = await(hosts.dialer().dial(address(server)));

        for (int i = 0; i < 1_000 && connection.isOpen(); i++) {
            CompletableFuture<Void> reset = new CompletableFuture<>();
            muxer(connection)
                    .openStream(channel -> {
                        channel.closeFuture().addListener(closed -> reset.complete(null));
                        channel.writeAndFlush(channel.alloc().buffer().writeZero(100));
                    })
                    .addListener(opened -> {
                        if (!opened.isSuccess()) {
                            reset.complete(null);
                        }
                    });
            await(reset);
        }

        assertThat(await(connection.closed()).error()).hasMessageContaining("rate limited");
    }

    @Test
    @Conforms({"CON-25", "CON-36"})
    void findsProtocolsThatComeAndGoDuringAConnection() throws Exception {
        Host server = hosts.listener();
        Connection connection = await(hosts.dialer().dial(address(server)));
        List<ProtocolId> either = List.of(OTHER, ECHO);

        assertThat(await(connection.openStream(either, opened -> {})).protocol())
                .isEqualTo(ECHO);
        server.handle(OTHER, HALF_OPEN, stream -> {});
        assertThat(await(connection.openStream(either, opened -> {})).protocol())
                .isEqualTo(OTHER);
        assertThat(server.stopHandling(OTHER)).isTrue();
        assertThat(await(connection.openStream(either, opened -> {})).protocol())
                .isEqualTo(ECHO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/0.0.0.0", "/ip6/::"})
    @Conforms({"CON-42", "CON-43"})
    void isCarriedByConnectionsToEachAddressThatAWildcardStandsFor(String wildcard) throws Exception {
        Host server = hosts.start(Host.builder().listen(wildcard + "/tcp/0").handle(ECHO, HALF_OPEN, Hosts::echo));
        String family = wildcard.substring(0, 5);

        assertThat(server.addresses())
                .isNotEmpty()
                .allMatch(address -> address.toString().startsWith(family))
                .noneMatch(address -> address.toString().startsWith(wildcard + "/"));
        for (Multiaddr address : server.addresses()) {
            assertThat(address.tcp().orElseThrow().port()).isPositive();
            if (address.toString().matches("/ip4/127\\..*|/ip6/::1/.*")) {
                assertThat(HostTest.echo(await(hosts.dialer().dial(address)), new byte[4]))
                        .hasSize(4);
            }
        }
    }

    private static void write(ProtocolStream stream, int bytes) {
        stream.channel().writeAndFlush(stream.channel().alloc().buffer().writeZero(bytes));
    }

    /** Collects the bytes up to the end. */
    private static final class Digest extends SimpleChannelInboundHandler<ByteBuf> {
        final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            byte[] more = new byte[in.readableBytes()];
            in.readBytes(more);
            bytes.writeBytes(more);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == io.netty.channel.socket.ChannelInputShutdownEvent.INSTANCE) {
                whole.complete(bytes.toByteArray());
            }
        }
    }
}
