package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.LOOPBACK;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Relay.Passage;
import org.slf4j.simple.CapturedLog;

/**
 * The levels of log lines: a close with a cause is logged at debug, a clean close at trace, and a refusal never as a
 * failure.
 */
class LogTest {
    private static final String LOGGER = " org.minip2p.host.Host - ";

    private final Hosts hosts = new Hosts();
    private final CapturedLog log = new CapturedLog(Host.class);

    @AfterEach
    void closeHosts() {
        hosts.close();
        log.close();
    }

    @Test
    void saysACleanCloseAtTrace() throws Exception {
        Host client = hosts.dialer();
        Host server = hosts.listener();
        Connection connection = await(client.dial(address(server)));
        await(connection.close());

        awaitLine("TRACE" + LOGGER + "connection=" + connection.id() + " closed peer=" + server.peerId()
                + " cause=LOCAL numEstablished=0");
        awaitLine("TRACE" + LOGGER + "connection=1 closed peer=" + client.peerId() + " cause=REMOTE numEstablished=0");
        awaitLine("DEBUG" + LOGGER + "connection=" + connection.id() + " established peer=" + server.peerId()
                + " role=INITIATOR");
    }

    @Test
    void saysACloseWithACauseAtDebug() throws Exception {
        Host client = hosts.dialer();
        Host server = hosts.listener();
        try (Relay relay = new Relay(server, Passage.FREE)) {
            Connection connection = await(client.dial(relay.address(server)));
            awaitTrue("the other side has it", () -> server.connections().size() == 1);
            relay.end();

            awaitLine("DEBUG" + LOGGER + "connection=" + connection.id() + " closed peer=" + server.peerId()
                    + " cause=REMOTE: the connection ended");
            awaitLine("DEBUG" + LOGGER + "connection=1 closed peer=" + client.peerId()
                    + " cause=REMOTE: the connection ended");
        }
    }

    @Test
    void saysWhatFailedBeforeThereWasAConnectionAtDebug() throws Exception {
        Host gone = hosts.listener();
        Multiaddr nobody = address(gone);
        await(gone.closeAsync());
        Host server = hosts.start(Host.builder().listen(LOOPBACK));

        failure(server.dial(nobody));
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                address(server).tcp().orElseThrow().port())) {
            socket.getOutputStream().write("\u0013/m\r\n\u001b[31m".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(new byte[100]);
            awaitLine("DEBUG" + LOGGER + "incoming connection failed remote=/127.0.0.1:" + socket.getLocalPort()
                    + " error=");
        }
        awaitLine("DEBUG" + LOGGER + "outgoing connection failed peer=" + gone.peerId() + " address=" + nobody
                + " error=dial ");
        assertThat(log.lines()).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void saysARefusedDialAtTraceAndNotAsAFailure() throws Exception {
        Host client = hosts.dialer();
        Host server = hosts.listener();
        await(client.dial(address(server)));

        assertThat(failure(client.dial(address(server), DialOptions.when(DialCondition.DISCONNECTED))))
                .isInstanceOf(DialRefusedException.class);

        awaitLine("TRACE" + LOGGER + "dial refused peer=" + server.peerId()
                + " condition=DISCONNECTED connected=true dialing=false");
        assertThat(log.lines()).noneMatch(line -> line.contains("failed"));
    }

    private void awaitLine(String start) throws InterruptedException {
        awaitTrue(start + " in " + log.lines(), () -> log.lines().stream().anyMatch(line -> line.startsWith(start)));
    }
}
