package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.LogCapture;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.slf4j.event.Level;

/**
 * SEC-66: what is logged, and at which level. A peer's text is escaped, so it can neither end a line nor control a
 * terminal.
 */
@ResourceLock(Resources.SYSTEM_ERR)
class HandshakeLogTest {
    private static LogCapture capture() throws Exception {
        return new LogCapture(NodeInfoHandshake.class, ResponderExchange.class);
    }

    private static void assertNothingLouder(LogCapture log) {
        assertThat(log.lines(Level.INFO)).isEmpty();
        assertThat(log.lines(Level.WARN)).isEmpty();
        assertThat(log.lines(Level.ERROR)).isEmpty();
        assertThat(log.otherLines()).isEmpty();
    }

    @Test
    void anExchangeOfOursThatFailsIsToldAtDebug() throws Exception {
        try (LogCapture log = capture();
                Node node = Node.start();
                Partner partner = new Partner(
                        (self, exchange, number) -> exchange.stream().reset())) {
            Connection connection = node.dial(partner.host);
            assertThat(node.nextFailure()).isEqualTo(new FailureReason.StreamReset());

            assertThat(log.lines(Level.DEBUG))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("connection=" + connection.id() + " peer=" + partner.host.peerId()
                                    + " our exchange failed error=")
                            .contains("StreamResetException"));
            assertNothingLouder(log);
        }
    }

    @Test
    @Conforms("NIF-13")
    void anotherNetworkIsToldAtDebugWithItsNameEscaped() throws Exception {
        NodeInfo evil = NodeInfo.of("0x\r\n22:00:00 ERROR \u001b[31mred");
        try (LogCapture log = capture();
                Node node = Node.start();
                Node other = Node.start(() -> evil, Node.NO_HURRY)) {
            Connection connection = node.dial(other.host);
            assertThat(node.nextFailure())
                    .isEqualTo(new FailureReason.NetworkMismatch(Set.of(Node.INFO.networkId()), evil.networkId()));
            assertThat(other.nextFailure())
                    .isEqualTo(new FailureReason.NetworkMismatch(Set.of(evil.networkId()), Node.INFO.networkId()));

            assertThat(log.lines(Level.DEBUG))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).matches("[ -~]*"))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("connection=" + connection.id() + " peer=" + other.id()
                                    + " our exchange failed error=")
                            .endsWith("theirs=0x\\u000d\\u000a22:00:00 ERROR \\u001b[31mred]"))
                    .anySatisfy(
                            line -> assertThat(line).contains(" peer=" + node.id() + " their exchange failed error="));
            assertNothingLouder(log);
        }
    }

    /** An expected race, not our failure: the peer has already left when its request has been verified. */
    @Test
    void aResponseThatCannotBeSentIsToldAtTrace() throws Exception {
        CompletableFuture<Runnable> goneBeforeTheAnswer = new CompletableFuture<>();
        Supplier<NodeInfo> local = () -> {
            goneBeforeTheAnswer.join().run();
            return Node.INFO;
        };
        try (LogCapture log = capture();
                Node node = Node.start(local, Node.NO_HURRY);
                Host partner = Node.bareHost()) {
            Connection dialed = Node.get(Node.startDialing(partner, node.host));
            Node.eventually("not connected", () -> !node.host.connections().isEmpty());
            Connection accepted = node.host.connections().get(0);
            RawStream request = RawStream.open(dialed);
            request.send(Node.INFO.seal(partner)).end();
            goneBeforeTheAnswer.complete(() -> {
                request.cut();
                accepted.closed().join();
            });

            Node.eventually("nothing told", () -> !log.lines(Level.TRACE).isEmpty());
            assertThat(log.lines(Level.TRACE))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("connection=" + accepted.id() + " peer=" + partner.peerId()
                                    + " closed before our answer was sent error="));
            assertThat(log.lines(Level.DEBUG)).isEmpty();
            assertNothingLouder(log);
        }
    }

    /** Our own side's fault: the application's code has failed, so the log has its stack trace. */
    @Test
    void aFilterThatFailsIsToldAsAnError() throws Exception {
        NodeInfoFilter broken = (peer, theirs) -> {
            throw new IllegalStateException("broken filter (a test)");
        };
        try (LogCapture log = capture();
                Node node = Node.start(() -> Node.INFO, Node.NO_HURRY.withFilters(List.of(broken)));
                Host partner = Node.bareHost()) {
            Connection dialed = Node.get(Node.startDialing(partner, node.host));
            RawStream request = RawStream.open(dialed);
            request.send(Node.INFO.seal(partner)).end();
            Node.eventually("nothing told", () -> !log.lines(Level.DEBUG).isEmpty());

            assertThat(log.lines(Level.ERROR))
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("peer=" + partner.peerId() + " a filter threw"));
        }
    }
}
