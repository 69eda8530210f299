package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.limits.HostMemory;

class HostMemoryTest {
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

    // H7
    @Test
    void asksThoseThatHoldMostToGoUntilTheRestFits() {
        HostMemory memory = new HostMemory(100);
        List<String> asked = new ArrayList<>();
        HostMemory.Share small = memory.share(held -> asked.add("small " + held));
        HostMemory.Share large = memory.share(held -> asked.add("large " + held));
        assertThat(small.makeRoom()).as("nobody holds anything").isFalse();
        small.hold(70);
        large.hold(80);

        assertThat(small.makeRoom()).isTrue();
        assertThat(small.makeRoom()).as("that will be enough").isTrue();
        assertThat(asked).containsExactly("large 80");

        large.hold(20); // still comes in
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
                    await(hosts.dialer().dial(address(server))));
            for (Connection each : greedy) { // each within the half that one connection may hold
                for (int i = 0; i < 2; i++) {
                    each.openStream(
                            unread,
                            stream -> stream.channel()
                                    .writeAndFlush(
                                            stream.channel().alloc().buffer().writeZero(200_000)));
                }
            }

            await(CompletableFuture.anyOf(greedy.get(0).closed(), greedy.get(1).closed()));
            awaitTrue("two are left", () -> server.connections().size() == 2);
            assertThat(greedy).filteredOn(Connection::isOpen).hasSize(1);
            assertThat(HostTest.echo(modest, new byte[50_000])).hasSize(50_000);
            held.outputStream().write(new byte[10]);
            assertThat(modest.isOpen()).isTrue();
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
