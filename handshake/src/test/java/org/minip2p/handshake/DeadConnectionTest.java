package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.PrivateKey;
import org.minip2p.handshake.HandshakeEvent.Completed;
import org.minip2p.handshake.HandshakeEvent.Updated;
import org.minip2p.host.Connection;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;

/**
 * A peer restarts under the same identity, while we still have a connection to its previous process and do not know
 * that it is dead.
 */
class DeadConnectionTest {
    private static final NodeInfo BEFORE =
            NodeInfo.of(Node.INFO.networkId(), new Metadata("v1", "", "", "0".repeat(32)));
    private static final NodeInfo AFTER =
            NodeInfo.of(Node.INFO.networkId(), new Metadata("v2", "", "", "0".repeat(32)));

    private final PrivateKey identity = PrivateKey.generate(KeyType.ED25519);

    /** The peer. It lingers only briefly, since the other end cannot be reached when it stops. */
    private Node peer(NodeInfo info) throws Exception {
        HostConfig impatient = HostConfig.defaults()
                .with(HostConfig.DRAIN_TIMEOUT, Duration.ofMillis(50))
                .with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(50));
        return Node.start(Host.builder().identity(identity).config(impatient), () -> info, Node.NO_HURRY, event -> {});
    }

    private static Connection dial(Node node, FreezingRelay relay) throws Exception {
        return Node.get(node.host.dial(relay.address(), DialOptions.toAnyPeer()));
    }

    @ParameterizedTest(name = "dialed by the peer: {0}")
    @ValueSource(booleans = {true, false})
    void completesWithAPeerThatHasRestarted(boolean isDialedByPeer) throws Exception {
        try (Node node = Node.start()) {
            FreezingRelay relay;
            Connection dead;
            try (Node before = peer(BEFORE)) {
                relay = FreezingRelay.to(before.host);
                dead = dial(node, relay);
                assertThat(node.next(Completed.class).theirInfo()).isEqualTo(BEFORE);
                before.next(Completed.class);
                relay.freeze();
            }

            try (relay;
                    Node after = peer(AFTER)) {
                Connection live = isDialedByPeer ? after.dial(node.host) : node.dial(after.host);

                assertThat(after.next(Completed.class).initiatedByUs()).isEqualTo(isDialedByPeer);
                assertThat(node.next(Updated.class).theirInfo()).isEqualTo(AFTER);
                assertThat(dead.isOpen()).isTrue();

                relay.close();
                Node.get(dead.closed());
                Node.get(live.ping());
                assertThat(Node.get(node.handshake.isCovered(after.id()))).isTrue();
                node.disconnect();
                after.awaitNoPeers();
                assertThat(node.events).isEmpty();
                assertThat(after.events).isEmpty();
            }
        }
    }

    /**
     * The connection died during our exchange. The exchange runs into its deadline, and then we ask on the new
     * connection.
     */
    @Test
    void asksOnTheNewConnectionWhenItsExchangeOnTheDeadOneHasTimedOut() throws Exception {
        HandshakeOptions options = Node.NO_HURRY.withExchangeDeadline(Duration.ofSeconds(3));
        CompletableFuture<RawStream> asked = new CompletableFuture<>();
        HostConfig patient = HostConfig.defaults().with(HostConfig.NEGOTIATION_TIMEOUT, Duration.ofMinutes(1));
        try (Node node = Node.start(Host.builder().config(patient), () -> Node.INFO, options, event -> {})) {
            FreezingRelay relay;
            Connection dead;
            try (Host before = Node.get(Host.builder()
                    .eventLoops(1)
                    .identity(identity)
                    .config(HostConfig.defaults()
                            .with(HostConfig.LINGER_TIMEOUT, Duration.ofMillis(50))
                            .with(HostConfig.DRAIN_TIMEOUT, Duration.ofMillis(50)))
                    .listen("/ip4/127.0.0.1/tcp/0")
                    .start())) {
                before.handle(NodeInfoHandshake.ID, HALF_OPEN, stream -> asked.complete(RawStream.attach(stream)));
                relay = FreezingRelay.to(before);
                dead = dial(node, relay);
                var unusedExchange = Node.get(asked);
                relay.freeze();
            }

            try (relay;
                    Node after = peer(AFTER)) {
                Connection live = node.dial(after.host);

                Completed completed = node.next(Completed.class);
                assertThat(completed.connectionId()).isEqualTo(live.id());
                assertThat(completed.initiatedByUs()).isTrue();
                after.next(Completed.class);
                assertThat(dead.isOpen()).isTrue();
                assertThat(node.events).isEmpty();
            }
        }
    }
}
