package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.testing.Conforms;

class BlockingStreamTest {
    private static final ProtocolId FAILING = new ProtocolId("/failing/1.0.0");

    /** Or else the peer would take what came before for all there is. */
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
}
