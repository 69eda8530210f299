package org.minip2p.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.examples.Nodes.PROCESS_PATIENCE;
import static org.minip2p.examples.Nodes.address;
import static org.minip2p.examples.Nodes.await;
import static org.minip2p.examples.Nodes.awaitTrue;
import static org.minip2p.examples.Nodes.listening;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.ChildProcess;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;
import org.minip2p.host.PeerEnd;

class SsvNodeTest {
    static final HostConfig QUICK = HostConfig.defaults()
            .with(HostConfig.RECONNECT_DELAY, Duration.ofMillis(30))
            .with(HostConfig.MAX_RECONNECT_DELAY, Duration.ofMillis(200));

    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() throws Exception {
        nodes.close();
    }

    private SsvNode node() {
        SsvNode node = nodes.closing(new SsvNode(PrivateKey.generate(KeyType.ED25519), QUICK));
        await(node.host.listen(Multiaddr.parse(Nodes.LOOPBACK)));
        return node;
    }

    private static PeerId id(SsvNode node) {
        return node.host.peerId();
    }

    private static void connect(SsvNode node, SsvNode other) throws Exception {
        node.meet(address(other.host));
        awaitTrue("the handshake", () -> node.members.containsKey(id(other)) && other.members.containsKey(id(node)));
    }

    /** The subnets of another node, as one node knows them. */
    private static String subnets(SsvNode asked, SsvNode of) {
        NodeInfo info = Objects.requireNonNull(asked.members.get(id(of)));
        return info.metadata().map(Metadata::subnets).orElseThrow();
    }

    @Test
    void isReadInAMinute() throws Exception {
        Path source = Path.of("src/main/java/org/minip2p/examples/SsvNode.java");

        assertThat(Files.readAllLines(source).stream().filter(line -> !line.isBlank() && !line.startsWith("import ")))
                .hasSizeLessThan(120);
    }

    @Test
    void sparesThoseWithTheSameSubnetsAsLongAsTheyHaveThem() throws Exception {
        SsvNode node = node();
        SsvNode other = node();
        connect(node, other);
        assertThat(other.host.isProtected(id(node))).isFalse();

        node.subnets("0000000000000000000000000000ff00");
        awaitTrue("told", () -> subnets(other, node).endsWith("ff00"));
        other.subnets("00000000000000000000000000000300");
        awaitTrue("told", () -> subnets(node, other).endsWith("0300"));
        node.subnets("0000000000000000000000000000ff01");
        awaitTrue("protected by the other", () -> other.host.isProtected(id(node)));

        other.subnets("10000000000000000000000000000000");
        node.subnets("0f000000000000000000000000000000");
        awaitTrue("not any more", () -> !other.host.isProtected(id(node)));
    }

    @Test
    void nobodyIsProtectedAnyMoreWhenItHasGone() throws Exception {
        SsvNode node = node();
        SsvNode other = node();
        node.subnets("f".repeat(32));
        other.subnets("f".repeat(32));
        connect(node, other);
        awaitTrue("protected", () -> other.host.isProtected(id(node)));

        node.close();

        awaitTrue("forgotten", () -> other.members.isEmpty() && !other.host.isProtected(id(node)));
    }

    @Test
    void aBanEndsEverythingUntilItIsTakenBack() throws Exception {
        SsvNode node = node();
        SsvNode other = node();
        other.meet(address(node.host));
        connect(node, other);
        Set<CloseCause.Reason> causes = ConcurrentHashMap.newKeySet();
        node.host.addListener((host, event) -> {
            if (event instanceof HostEvent.ConnectionClosed closed) {
                causes.add(closed.cause().reason());
            }
        });
        Set<Object> refused = ConcurrentHashMap.newKeySet();
        node.host.addListener((host, event) -> {
            if (event instanceof HostEvent.IncomingConnectionFailed failed) {
                refused.add(failed);
            }
        });

        await(node.ban(id(other)));

        awaitTrue("the end of all connections", () -> node.host.connections().isEmpty() && node.members.isEmpty());
        awaitTrue("the other comes again, and is refused", () -> refused.size() >= 3);
        assertThat(causes).containsExactly(CloseCause.Reason.ABORTED);
        node.meet(address(other.host));
        assertThat(node.host.connections()).isEmpty();
        assertThat(node.host.isProtected(id(other))).isFalse();

        node.pardon(id(other));
        connect(node, other);
    }

    @Test
    void whoIsOnAnotherNetworkIsBanned() throws Exception {
        SsvNode node = node();
        Host stranger = nodes.host();
        NodeInfoHandshake.install(
                stranger, () -> NodeInfo.of("0x00000001"), HandshakeOptions.defaults(), (host, event) -> {});

        Set<Object> refused = ConcurrentHashMap.newKeySet();
        node.host.addListener((host, event) -> {
            if (event instanceof HostEvent.IncomingConnectionFailed failed) {
                refused.add(failed);
            }
        });

        awaitTrue("refused before a handshake", () -> {
            var end = stranger.dial(address(node.host)).thenCompose(Connection::closed);
            await(end.handle((cause, failure) -> "over"));
            return !refused.isEmpty();
        });

        assertThat(node.members).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "end", "garbage"})
    void whoAnswersTheHandshakeBadlyIsNoMember(String how) throws Exception {
        SsvNode node = node();
        Host bad = nodes.host(Host.builder()
                .listen(Nodes.LOOPBACK)
                .handle(NodeInfoHandshake.ID, PeerEnd.HALF_OPEN, stream -> {
                    switch (how) {
                        case "reset" -> stream.reset();
                        case "end" -> stream.channel().close();
                        default ->
                            stream.channel()
                                    .writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(new byte[] {1, 2, 3}))
                                    .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
                    }
                }));
        SsvNode good = node();

        node.meet(address(bad));
        connect(node, good);

        assertThat(node.members).containsOnlyKeys(id(good));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xyz", "00000000000000000000000000000g00"})
    void subnetsThatAreNoneAreRefusedAndNothingChanges(String hex) throws Exception {
        SsvNode node = node();
        SsvNode other = node();

        assertThatThrownBy(() -> node.subnets(hex)).isInstanceOf(IllegalArgumentException.class);

        connect(node, other);
        assertThat(subnets(other, node)).isEqualTo("0".repeat(32));
    }

    @Test
    @Timeout(Nodes.PROCESS_SECONDS)
    void processesComeBackAfterAKill(@TempDir Path folder) throws Exception {
        String firstKey = folder.resolve("first").toString();
        ChildProcess<String> first = nodes.program(SsvNode.class, firstKey, Nodes.LOOPBACK);
        String address = listening(first);
        ChildProcess<String> second =
                nodes.program(SsvNode.class, folder.resolve("second").toString(), Nodes.LOOPBACK, address);
        listening(second);
        String firstId = Multiaddr.parse(address).peerId().orElseThrow().toString();
        awaitPeer(second, firstId, "0".repeat(32));

        first.handle().destroyForcibly();
        first.awaitExit(PROCESS_PATIENCE);
        ChildProcess<String> again = nodes.program(
                SsvNode.class,
                firstKey,
                Multiaddr.parse(address).withoutPeerId().toString());
        assertThat(listening(again)).isEqualTo(address);
        again.send("subnets " + "f".repeat(32));

        awaitPeer(second, firstId, "f".repeat(32));
        second.send("ban nobody");
        assertThat(second.awaitExit(PROCESS_PATIENCE)).isEqualTo(2);
    }

    private static void awaitPeer(ChildProcess<String> node, String peer, String subnets) throws Exception {
        awaitTrue("handshake", PROCESS_PATIENCE, () -> {
            node.send("peers");
            return List.of(node.await("peers", line -> line.startsWith("{"), PROCESS_PATIENCE)).stream()
                    .anyMatch(line -> line.contains(peer) && line.contains(subnets));
        });
    }
}
