package org.minip2p.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Connection;

/**
 * Records a connection with each peer in each role, for tests that replay it without the peers: {@code InteropRecord FOLDER}.
 *
 * <p>Each connection has Identify both ways and an echo with half-closes. If we dial, it also has a ping and a reset by the peer.
 */
public final class InteropRecord {
    private static final int ECHO_BYTES = 300;
    private static final HexFormat HEX = HexFormat.of();

    private InteropRecord() {}

    /** Writes the files. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        for (Peers peer : Peers.values()) {
            for (PeerRole role : PeerRole.values()) {
                Path file = folder.resolve(peer + "-" + role + ".txt");
                String remark = peer.implementation() + " " + peer.version() + " as " + role + "; throw-away keys";
                Files.writeString(file, record(peer, role).text(remark));
                System.out.println(file.getFileName() + " " + Files.size(file) + " bytes");
            }
        }
        System.exit(0);
    }

    private static Recording record(Peers peer, PeerRole role) throws Exception {
        KnownKeys keys = new KnownKeys(List.of());
        PrivateKey identity = PrivateKey.generate(KeyType.ED25519);
        OurNode node = OurNode.start(identity, keys.crypto());
        List<Tap.Piece> pieces;
        try (node) {
            pieces = role == PeerRole.LISTENER ? dial(peer, node) : listen(peer, node);
        }
        boolean initiator = role == PeerRole.LISTENER;
        Recording raw = new Recording(
                initiator,
                HEX.formatHex(identity.encoded()),
                HEX.formatHex(keys.privateKeys().get(0)),
                HEX.formatHex(keys.privateKeys().get(1)),
                pieces.stream()
                        .map(piece -> new Recording.Piece(piece.byDialer() == initiator, piece.hex()))
                        .toList(),
                List.of(),
                List.of());
        return new Recording(
                initiator,
                raw.identity(),
                raw.staticKey(),
                raw.ephemeralKey(),
                raw.pieces(),
                SecureBytes.open(raw.sent(true), keys.cipherKeys(), initiator).lines(),
                SecureBytes.open(raw.sent(false), keys.cipherKeys(), !initiator).lines());
    }

    private static List<Tap.Piece> dial(Peers peer, OurNode node) throws IOException, InterruptedException {
        try (RunningListener listener = RunningListener.start(peer);
                Tap tap = new Tap(port(listener.address()))) {
            Connection connection = node.dial(through(tap, listener.address()));
            OurNode.await(node.identify().identify(connection));
            listener.awaitEvent("identified", node);
            OurNode.await(node.ping().ping(connection));
            OurNode.await(node.request(connection, OurNode.ECHO, RequestHandler.endingAfterTheFirstAnswer(ECHO_BYTES)));
            OurNode.failure(node.request(connection, OurNode.RESET, RequestHandler.withoutEnd(10)));
            Bench.pass(Duration.ofMillis(300));
            OurNode.await(connection.close());
            return tap.pieces();
        }
    }

    private static List<Tap.Piece> listen(Peers peer, OurNode node) throws IOException, InterruptedException {
        try (Tap tap = new Tap(port(node.address()));
                PeerProcess dialer =
                        peer.startDial(through(tap, node.address()), "echo", "--size", Integer.toString(ECHO_BYTES))) {
            Check.ok(dialer.awaitResult(Peers.OPERATION));
            return tap.pieces();
        }
    }

    private static int port(String address) {
        return Multiaddr.parse(address).tcp().orElseThrow().port();
    }

    private static String through(Tap tap, String address) {
        PeerId peer = Multiaddr.parse(address).peerId().orElseThrow();
        return "/ip4/127.0.0.1/tcp/" + tap.port() + "/p2p/" + peer;
    }
}
