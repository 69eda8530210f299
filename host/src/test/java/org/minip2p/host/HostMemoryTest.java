package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.limits.HostMemory;

class HostMemoryTest {
    private static final int UPLOAD_BYTES = 24 << 20;

    /** Reads all bytes as they arrive, and reports their number at the end of the stream. */
    private static final class Counter extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Long> end;
        private long bytes;

        Counter(CompletableFuture<Long> end) {
            this.end = end;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf data) {
            bytes += data.readableBytes();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                end.complete(bytes);
            }
        }
    }

    @Test
    void countsAllAndSaysWhenItIsTooMuch() {
        HostMemory memory = new HostMemory(100);
        HostMemory.Share share = memory.share(held -> {});

        assertThat(share.hold(60)).isTrue();
        assertThat(share.isShort()).isFalse();
        assertThat(memory.share(held -> {}).hold(40)).isTrue();
        assertThat(share.isShort()).isTrue();
        assertThat(share.isExceeded()).isFalse();
        assertThat(share.hold(1)).isFalse();
        assertThat(share.isExceeded()).isTrue();
        share.release(61);

        assertThat(memory.heldBytes()).isEqualTo(40);
        assertThat(share.isShort()).isFalse();
    }

    @Test
    void aSettingSaysHowMuchThereIs() {
        HostConfig config = HostConfig.defaults().with(HostConfig.HOST_MEMORY_BYTES, 3L << 20);
        try (Host host = await(Host.builder().config(config).start());
                Host other = await(Host.builder().start())) {
            assertThat(host.figures().memory().limitBytes()).isEqualTo(3L << 20);
            assertThat(other.figures().memory().limitBytes())
                    .isEqualTo(HostMemory.ofThisMachine().limitBytes());
        }
    }

    /** With only a few bytes, no event would fit, and the host would accept no peer. */
    @Test
    void aSettingThatIsTooLittleIsRefused() {
        HostConfig tooLittle = HostConfig.defaults().with(HostConfig.HOST_MEMORY_BYTES, (1L << 20) - 1);
        HostConfig least = HostConfig.defaults().with(HostConfig.HOST_MEMORY_BYTES, 1L << 20);

        assertThatThrownBy(() -> Host.builder().config(tooLittle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hostMemoryBytes is 0 or at least 1048576, not 1048575");
        assertThat(Host.builder().config(least).config).isEqualTo(least);
    }

    @Test
    void knowsThoseThatHoldSomethingAndNoOthers() {
        HostMemory memory = new HostMemory(100);
        HostMemory.Share share = memory.share(held -> {});

        assertThat(share.hold(0)).isTrue();
        assertThat(memory.holders()).isZero();
        share.hold(1);
        share.hold(0);
        assertThat(memory.holders()).isEqualTo(1);
        share.release(1);
        assertThat(memory.holders()).isZero();
    }

    /** A connection that holds something again and again is listed once, and is forgotten when it ends. */
    @Test
    void forgetsAConnectionThatIsOverWhenItHoldsNothingMore() throws Exception {
        HostMemory memory = new HostMemory(100);
        List<WeakReference<HostMemory.Share>> shares = new ArrayList<>();
        for (boolean endsFirst : new boolean[] {true, false}) {
            HostMemory.Share share = memory.share(held -> {});
            share.hold(1);
            if (endsFirst) {
                share.end();
                assertThat(memory.holders()).isEqualTo(1);
                share.release(1);
            } else {
                share.release(1);
                share.end();
            }
            shares.add(new WeakReference<>(share));
        }

        assertThat(memory.holders()).isZero();
        long patience = System.nanoTime() + Hosts.PATIENCE.toNanos();
        while (shares.stream().anyMatch(share -> share.get() != null) && System.nanoTime() < patience) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(shares).allMatch(share -> share.get() == null);
        assertThat(memory.heldBytes()).isZero();
    }

    // H7
    @Test
    void asksThoseThatHoldMostToGoUntilTheRestFits() {
        HostMemory memory = new HostMemory(100);
        List<String> asked = new ArrayList<>();
        HostMemory.Share small = memory.share(held -> asked.add("small " + held));
        HostMemory.Share large = memory.share(held -> asked.add("large " + held));
        assertThat(small.makeRoom()).as("room, while nothing is held").isFalse();
        small.hold(70);
        large.hold(80);

        assertThat(small.makeRoom()).isTrue();
        assertThat(small.makeRoom()).as("room after the first close").isTrue();
        assertThat(asked).containsExactly("large 80");

        large.hold(20); // bytes that still arrive
        small.hold(100);
        assertThat(small.makeRoom()).isTrue();
        assertThat(asked).containsExactly("large 80", "small 170");

        large.release(100);
        small.release(170);
        assertThat(memory.heldBytes()).isZero();
        assertThat(memory.holders()).isZero();
    }

    // SEC-1, SEC-69
    @Test
    void closesTheConnectionThatHoldsMostAndNoOtherWhenThereIsNoneLeft() throws Exception {
        try (Hosts hosts = new Hosts()) {
            ProtocolId unread = new ProtocolId("/unread/1.0.0");
            Host server = hosts.start(Host.builder()
                    .on(new HostEnvironment().memory(new HostMemory(1 << 20)))
                    .listen(Hosts.LOOPBACK)
                    .handle(Hosts.ECHO, HALF_OPEN, Hosts::echo)
                    .handle(
                            unread,
                            HALF_OPEN,
                            stream -> stream.channel().config().setAutoRead(false)));
            Connection modest = await(hosts.dialer().dial(address(server)));
            BlockingStream held = BlockingStream.open(modest, unread);
            held.outputStream().write(new byte[100_000]);
            List<Connection> greedy = List.of(
                    await(hosts.dialer().dial(address(server))),
                    await(hosts.dialer().dial(address(server))),
                    await(hosts.dialer().dial(address(server))));
            // Each connection stays within the half of the memory that one connection may hold. The first frame of each
            // stream arrives with its proposal and is not held.
            for (Connection each : greedy) {
                for (int i = 0; i < 2; i++) {
                    each.openStream(
                            unread,
                            stream -> stream.channel()
                                    .writeAndFlush(
                                            stream.channel().alloc().buffer().writeZero(250_000)));
                }
            }

            await(CompletableFuture.anyOf(
                    greedy.get(0).closed(),
                    greedy.get(1).closed(),
                    greedy.get(2).closed()));
            awaitTrue("three are left", () -> server.connections().size() == 3);
            assertThat(greedy).filteredOn(Connection::isOpen).hasSize(2);
            assertThat(HostTest.echo(modest, new byte[50_000])).hasSize(50_000);
            held.outputStream().write(new byte[10]);
            assertThat(modest.isOpen()).isTrue();
        }
    }

    /** SEC-54, SEC-H7: the credit that a peer was granted is not memory that it holds. */
    @Test
    void anUploaderThatIsReadAtOnceIsServedToItsEndWhoeverHoldsMuch() throws Exception {
        try (Hosts hosts = new Hosts()) {
            ProtocolId unread = new ProtocolId("/unread/1.0.0");
            ProtocolId upload = new ProtocolId("/upload/1.0.0");
            CompletableFuture<Long> uploaded = new CompletableFuture<>();
            HostMemory memory = new HostMemory(4 << 20);
            Host server = hosts.start(Host.builder()
                    .on(new HostEnvironment().memory(memory))
                    .listen(Hosts.LOOPBACK)
                    .handle(upload, HALF_OPEN, stream -> stream.pipeline().addLast(new Counter(uploaded)))
                    .handle(
                            unread,
                            HALF_OPEN,
                            stream -> stream.channel().config().setAutoRead(false)));
            Connection honest = await(hosts.dialer().dial(address(server)));
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Hosts.daemon(() -> {
                        try (BlockingStream stream = BlockingStream.open(honest, upload)) {
                            stream.outputStream().write(new byte[UPLOAD_BYTES]);
                            stream.closeOutput();
                            await(uploaded);
                            sent.complete(null);
                        } catch (Exception | Error e) {
                            sent.completeExceptionally(e);
                        }
                    })
                    .start();

            // Each connection holds less than the uploader was granted, and all together hold more than the host has.
            do {
                List<Connection> greedy = new ArrayList<>();
                for (int peer = 0; peer < 12; peer++) {
                    greedy.add(await(hosts.dialer().dial(address(server))));
                }
                for (Connection each : greedy) {
                    for (int i = 0; i < 4; i++) {
                        each.openStream(
                                unread,
                                stream -> stream.channel()
                                        .writeAndFlush(stream.channel()
                                                .alloc()
                                                .buffer()
                                                .writeZero(250_000)));
                    }
                }
                awaitTrue("one of them has to go", () -> greedy.stream().anyMatch(each -> !each.isOpen()));
                for (Connection each : greedy) {
                    await(each.abort());
                }
            } while (!sent.isDone());

            sent.join();
            assertThat(uploaded.join()).isEqualTo(UPLOAD_BYTES);
            assertThat(honest.isOpen()).isTrue();
        }
    }

    /** SEC-69: a partial frame occupies a whole buffer, before the muxer sees a byte of it. */
    @Test
    void countsAFrameOfWhichAPartHasComeUntilItIsWholeOrItsConnectionEnds() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host server = hosts.listener();
            try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
                Connection connection = await(hosts.dialer().dial(relay.address(server)));
                BlockingStream stream = BlockingStream.open(connection, Hosts.ECHO);
                assertThat(HostTest.echo(connection, new byte[10])).hasSize(10);
                awaitTrue("nothing is held", () -> hosts.memory(server).heldBytes() == 0);

                relay.silence();
                stream.outputStream().write(new byte[30_000]);
                relay.pass(1_000);
                awaitTrue("a part is counted", () -> hosts.memory(server).heldBytes() >= 1_000);
                assertThat(hosts.memory(server).holders()).isEqualTo(1);
                relay.resume();
                assertThat(stream.inputStream().readNBytes(30_000)).hasSize(30_000);
                awaitTrue("nothing is held", () -> hosts.memory(server).heldBytes() == 0);

                relay.silence();
                stream.outputStream().write(new byte[30_000]);
                relay.pass(1_000);
                awaitTrue("a part is counted", () -> hosts.memory(server).heldBytes() >= 1_000);
                server.connections().forEach(Connection::abort);
                awaitTrue("nothing is held", () -> hosts.memory(server).heldBytes() == 0);
            }
        }
    }

    /** SEC-69 */
    @Test
    void peersThatSendPartsOfFramesLoseTheirConnectionsWhenThereIsNoMemoryLeft() throws Exception {
        try (Hosts hosts = new Hosts()) {
            HostMemory memory = new HostMemory(1 << 20);
            Host server = hosts.start(Host.builder()
                    .on(new HostEnvironment().memory(memory))
                    .listen(Hosts.LOOPBACK)
                    .handle(Hosts.ECHO, HALF_OPEN, Hosts::echo));
            Connection honest = await(hosts.dialer().dial(address(server)));
            try (Relay relay = new Relay(server, new Relay.Passage(Relay.ALL, Relay.ALL, Relay.Then.SILENCE))) {
                List<BlockingStream> streams = new ArrayList<>();
                for (int peer = 0; peer < 30; peer++) {
                    Connection connection =
                            await(hosts.start(Host.builder().eventLoops(1)).dial(relay.address(server)));
                    assertThat(HostTest.echo(connection, new byte[10])).hasSize(10);
                    streams.add(BlockingStream.open(connection, Hosts.ECHO));
                }
                relay.silence();
                for (BlockingStream stream : streams) {
                    stream.outputStream().write(new byte[60_000]);
                }
                relay.pass(40_000);

                awaitTrue("some have to go", () -> server.connections().size() < 31);
                awaitTrue("the rest fits", () -> memory.heldBytes() <= memory.limitBytes());
                await(honest.ping());
            }
        }
    }

    @Test
    void holdsWhatNobodyReadsAndNothingWhenItsConnectionHasEnded() throws Exception {
        try (Hosts hosts = new Hosts()) {
            ProtocolId unread = new ProtocolId("/unread/1.0.0");
            Host server = hosts.start(Host.builder()
                    .listen(Hosts.LOOPBACK)
                    .handle(
                            unread,
                            HALF_OPEN,
                            stream -> stream.channel().config().setAutoRead(false)));
            Host client = hosts.dialer();
            Connection connection = await(client.dial(address(server)));

            BlockingStream stream = BlockingStream.open(connection, unread);
            stream.outputStream().write(new byte[100_000]);
            awaitTrue("unread bytes are counted", () -> hosts.memory(server).heldBytes() > 0);

            await(connection.close());
            awaitTrue("nothing is held", () -> hosts.memory(server).heldBytes() == 0);
        }
    }
}
