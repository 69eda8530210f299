package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;

import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;

class HostMemoryTest {
    @Test
    void reservesUpToItsLimitAndNoFurther() {
        HostMemory memory = new HostMemory(100);

        assertThat(memory.tryReserve(60)).isTrue();
        assertThat(memory.tryReserve(41)).isFalse();
        assertThat(memory.tryReserve(40)).isTrue();
        memory.release(60);

        assertThat(memory.reservedBytes()).isEqualTo(40);
        assertThat(memory.tryReserve(60)).isTrue();
    }

    @Test
    void holdsWhatNobodyReadsAndNothingWhenItsConnectionHasEnded() throws Exception {
        try (Hosts hosts = new Hosts()) {
            ProtocolId unread = new ProtocolId("/unread/1.0.0");
            Host server = hosts.start(Host.builder()
                    .listen(Hosts.LOOPBACK)
                    .handle(unread, stream -> stream.channel().config().setAutoRead(false)));
            Host client = hosts.dialer();
            Connection connection = await(client.dial(address(server)));

            BlockingStream stream = BlockingStream.open(connection, unread);
            stream.outputStream().write(new byte[100_000]);
            awaitTrue("unread bytes are counted", () -> server.memory().reservedBytes() > 0);

            await(connection.close());
            awaitTrue("nothing is held", () -> server.memory().reservedBytes() == 0);
        }
    }
}
