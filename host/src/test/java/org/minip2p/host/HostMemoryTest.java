package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.limits.HostMemory;

class HostMemoryTest {
    @Test
    void reservesUpToItsLimitAndNoFurther() {
        HostMemory memory = new HostMemory(100);
        HostMemory.Share share = memory.share(held -> {});

        assertThat(share.tryReserve(60)).isTrue();
        assertThat(share.tryReserve(41)).isFalse();
        assertThat(memory.share(held -> {}).tryReserve(40)).isTrue();
        share.release(60);

        assertThat(memory.reservedBytes()).isEqualTo(40);
        assertThat(share.tryReserve(60)).isTrue();
    }

    @Test
    void knowsThoseThatHoldSomethingAndNoOthers() {
        HostMemory memory = new HostMemory(100);
        HostMemory.Share share = memory.share(held -> {});

        assertThat(share.tryReserve(0)).isTrue();
        assertThat(memory.holders()).isZero();
        assertThat(share.tryReserve(101)).isFalse();
        assertThat(memory.holders()).isZero();
        share.tryReserve(1);
        share.tryReserve(0);
        assertThat(memory.holders()).isEqualTo(1);
        share.release(1);
        assertThat(memory.holders()).isZero();
    }

    @Test
    void asksOneAtATimeToGoAndTheOneThatHoldsMost() {
        HostMemory memory = new HostMemory(100);
        List<String> asked = new ArrayList<>();
        HostMemory.Share small = memory.share(held -> asked.add("small " + held));
        HostMemory.Share large = memory.share(held -> asked.add("large " + held));
        assertThat(small.makeRoom()).as("nobody holds anything").isFalse();
        small.tryReserve(30);
        large.tryReserve(60);

        assertThat(small.makeRoom()).isTrue();
        assertThat(small.makeRoom()).isTrue();
        assertThat(asked).containsExactly("large 60");

        large.release(60);
        large.end();
        assertThat(small.makeRoom()).isTrue();
        assertThat(asked).containsExactly("large 60", "small 30");
    }

    // SEC-1, SEC-69
    @Test
    void closesTheConnectionThatHoldsMostAndNoOtherWhenThereIsNoneLeft() throws Exception {
        try (Hosts hosts = new Hosts()) {
            ProtocolId unread = new ProtocolId("/unread/1.0.0");
            Host server = hosts.start(Host.builder()
                    .memory(new HostMemory(1 << 20))
                    .listen(Hosts.LOOPBACK)
                    .handle(Hosts.ECHO, HALF_OPEN, Hosts::echo)
                    .handle(
                            unread,
                            HALF_OPEN,
                            stream -> stream.channel().config().setAutoRead(false)));
            Connection modest = await(hosts.dialer().dial(address(server)));
            BlockingStream held = BlockingStream.open(modest, unread);
            held.outputStream().write(new byte[100_000]);
            Connection greedy = await(hosts.dialer().dial(address(server)));

            for (int i = 0; i < 6 && greedy.isOpen(); i++) {
                greedy.openStream(
                        unread,
                        stream -> stream.channel()
                                .writeAndFlush(stream.channel().alloc().buffer().writeZero(200_000)));
            }

            await(greedy.closed());
            awaitTrue("one is left", () -> server.connections().size() == 1);
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
            awaitTrue("unread bytes are counted", () -> hosts.memory(server).reservedBytes() > 0);

            await(connection.close());
            awaitTrue("nothing is held", () -> hosts.memory(server).reservedBytes() == 0);
        }
    }
}
