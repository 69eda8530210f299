package org.minip2p.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.Metadata;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;
import org.minip2p.host.HostEvent;

/** The cases in which the peer dials our node. */
final class TheyDial {
    private TheyDial() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of(Cases.SILENCE, Cases.LONG, TheyDial::keepsASilentStream));
        cases.add(new Case(Cases.PERF, Cases.LONG, TheyDial::isMeasured));
        cases.add(Case.of(Cases.PING, bench -> bench.dials(bench.node(), "ping", "--count", "3")));
        cases.add(Case.of(Cases.IDENTIFY, TheyDial::isIdentified));
        cases.add(Case.of(Cases.PUSH, TheyDial::takesAPush));
        for (int bytes : Cases.ECHO_BYTES) {
            cases.add(Case.of(Cases.echo(bytes), bench -> echoes(bench, bytes)));
        }
        cases.add(Case.of(Cases.LARGE_FRAMES, TheyDial::takesFramesAsLargeAsTheWindow));
        cases.add(Case.of(Cases.HALF_CLOSE_BEFORE, TheyDial::answersAfterTheHalfClose));
        cases.add(Case.of(Cases.OUR_RESET, TheyDial::resets));
        cases.add(Case.of(Cases.THEIR_RESET, bench -> bench.dials(bench.node(), "abort", "--size", "100000")));
        cases.add(Case.of(Cases.NOT_SPOKEN, TheyDial::tellsThatAProtocolIsNotSpoken));
        cases.add(Case.of(
                Cases.HUNDRED_AT_ONCE,
                bench -> bench.dials(bench.node(), "echo", "--size", "10000", "--streams", "100")));
        cases.add(Case.of(
                Cases.TWO_HUNDRED_IN_TURN,
                bench -> bench.dials(bench.node(), "echo", "--size", "1000", "--count", "200")));
        cases.add(Case.of(Cases.NODE_INFO, TheyDial::shakesHands));
        cases.add(Case.of(
                "node info from a node that starts the exchange itself", TheyDial::shakesHandsWithANodeThatStarts));
        cases.add(Case.of(Cases.OTHER_NETWORK, TheyDial::refusesAnotherNetwork));
        cases.add(
                Case.of(Cases.WRONG_SIGNER, bench -> fails(bench, FailureReason.WrongSigner.class, "--wrong-signer")));
        cases.add(Case.of(Cases.TOO_LARGE, bench -> fails(bench, FailureReason.TooLarge.class, "--pad", Cases.PAD)));
        cases.add(Case.of(Cases.WRONG_PEER, TheyDial::isNotTheirPeer));
        for (KeyType type : KeyType.values()) {
            String name = type.name().toLowerCase(Locale.ROOT);
            cases.add(Case.of("our key is " + name, bench -> provesItsKey(bench, type)));
            cases.add(Case.of("their key is " + name, bench -> believesTheirKey(bench, type)));
        }
        cases.add(Case.of(Cases.EARLY_MUXER, bench -> echoesWith(bench, HostConfig.defaults())));
        cases.add(Case.of(
                Cases.OUR_EARLY_MUXER_OFF,
                bench -> echoesWith(bench, HostConfig.defaults().with(HostConfig.EARLY_MUXER_NEGOTIATION, false))));
        cases.add(Case.of(
                Cases.THEIR_EARLY_MUXER_OFF,
                bench -> bench.dials(bench.node(), "echo", "--size", "100000", "--no-early-muxer")));
        cases.add(Case.of(
                Cases.PIPELINING_OFF,
                bench -> echoesWith(bench, HostConfig.defaults().with(HostConfig.PIPELINING, false))));
        cases.add(Case.of(Cases.OUR_CLOSE, TheyDial::closes));
        cases.add(Case.of(Cases.THEIR_CLOSE, TheyDial::isClosed));
        cases.add(Case.of(Cases.OUR_CLOSE_UNDER_WAY, TheyDial::closesWithAnAnswerUnderWay));
        cases.add(Case.of(Cases.THEIR_CLOSE_UNDER_WAY, TheyDial::isClosedWithAnAnswerUnderWay));
        return cases;
    }

    private static void isIdentified(Bench bench) {
        OurNode node = bench.node();
        JsonLine ours = bench.dials(node, "identify");
        Check.equal("our agent", ours.text("agentVersion"), OurNode.AGENT_VERSION);
        Check.contains("our protocols", ours.texts("protocols"), "/ipfs/ping/1.0.0", "/ipfs/id/1.0.0", "/echo/1.0.0");
        Check.that(
                ours.texts("listenAddresses").toString().contains(node.addressWithoutPeerId()),
                "our address is not in " + ours);
        Check.that(ours.text("observedAddress").startsWith("/ip4/127.0.0.1/tcp/"), "observed: " + ours);
    }

    private static void takesAPush(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        bench.startDial(node.address(), "push");
        PeerId dialer = node.awaitEvent(HostEvent.ConnectionEstablished.class)
                .connection()
                .remotePeer();
        OurNode.eventually(
                "the pushed protocol is known",
                () -> node.identify()
                        .known(dialer)
                        .filter(info -> info.protocols().contains(OurNode.PUSHED))
                        .isPresent());
    }

    private static void echoes(Bench bench, int bytes) {
        JsonLine result = bench.dials(bench.node(), "echo", "--size", Integer.toString(bytes));
        Check.equal("bytes", result.number("bytes"), (long) bytes);
    }

    private static void echoesWith(Bench bench, HostConfig config) {
        bench.dials(bench.node(config), "echo", "--size", "100000");
    }

    private static void takesFramesAsLargeAsTheWindow(Bench bench) throws NotForThisPeer {
        NotForThisPeer.unless(bench.peer() == Peers.JS, "only js-libp2p 3 writes frames up to the window size");
        bench.dials(bench.node(), "echo", "--size", "5242880", "--stock-writers");
    }

    private static void answersAfterTheHalfClose(Bench bench) {
        for (String size : List.of("0", "1", "1048576")) {
            bench.dials(bench.node(), "half", "--size", size);
        }
    }

    private static void resets(Bench bench) {
        Check.equal("reset", bench.dials(bench.node(), "reset").members().get("reset"), true);
    }

    private static void tellsThatAProtocolIsNotSpoken(Bench bench) {
        JsonLine theirs = bench.dial(bench.node().address(), "handshake");
        Check.equal("their reason in " + theirs, theirs.members().get("reason"), "unsupported-protocol");
    }

    private static String isMeasured(Bench bench) {
        long bytes = bench.scale().perfBytes();
        String size = Long.toString(bytes);
        OurNode node = bench.node();
        JsonLine result = Check.ok(
                bench.startDial(node.address(), "perf", "--upload", size, "--download", size, "--timeout", "140")
                        .awaitResult(Cases.LONG));
        double mebibytes = bytes / (double) (1 << 20);
        return Cases.rates(
                bytes,
                mebibytes / result.decimal("uploadMibPerSecond"),
                mebibytes / result.decimal("downloadMibPerSecond"));
    }

    private static void shakesHands(Bench bench) throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        JsonLine theirs = bench.dials(node, "handshake");
        HandshakeEvent.Completed ours = node.awaitHandshake(HandshakeEvent.Completed.class);
        Check.equal("our network", theirs.text("networkId"), OurNode.NETWORK);
        Check.equal("our node", theirs.object("metadata").text("NodeVersion"), OurNode.NODE_VERSION);
        Check.that(!ours.initiatedByUs(), "we started the exchange");
        Check.equal(
                "their node",
                ours.theirInfo().metadata().map(Metadata::nodeVersion).orElse(""),
                bench.peer().implementation() + "-peer");
    }

    private static void shakesHandsWithANodeThatStarts(Bench bench) throws NotForThisPeer, InterruptedException {
        NotForThisPeer.unless(!bench.peer().isJs(), "the js peer does not start exchanges");
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        RunningListener dialer = bench.listener(bench.peer().isGo() ? "--ssv" : "--auto-handshake");
        dialer.process().send("dial " + node.address());
        Check.that(!node.awaitHandshake(HandshakeEvent.Completed.class).initiatedByUs(), "we started the exchange");
        Check.ok(dialer.awaitEvent("handshake", node));
    }

    private static void refusesAnotherNetwork(Bench bench) throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        JsonLine theirs = bench.dial(node.address(), "handshake", "--network-id", OurNode.OTHER_NETWORK);
        HandshakeEvent.Failed ours = node.awaitHandshake(HandshakeEvent.Failed.class);
        Check.equal("their reason in " + theirs, theirs.members().get("reason"), "network-mismatch");
        Check.equal(
                "our reason",
                ours.reason(),
                new FailureReason.NetworkMismatch(Set.of(OurNode.NETWORK), OurNode.OTHER_NETWORK));
    }

    private static void fails(Bench bench, Class<? extends FailureReason> reason, String... options)
            throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        JsonLine theirs = bench.dial(node.address(), "handshake", options);
        Check.that(!theirs.ok(), "they reported " + theirs);
        Check.isA("our reason", node.awaitHandshake(HandshakeEvent.Failed.class).reason(), reason);
    }

    private static void isNotTheirPeer(Bench bench) throws InterruptedException, PeerFault {
        OurNode node = bench.node();
        PeerId other = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
        JsonLine result = bench.dial(
                Multiaddr.parse(node.address())
                        .withoutPeerId()
                        .withPeerId(other)
                        .toString(),
                "ping");
        if (bench.peer() == Peers.JS2 && result.ok()) {
            throw new PeerFault("js-libp2p 2 was told to expect a different peer, and accepted us anyway: it"
                    + " pinged us and reported " + result);
        }
        Check.that(!result.ok(), "they reported " + result);
        // rust-libp2p finishes the upgrade before it compares the peer id, so its connection is established and then
        // closes.
        node.awaitEvent(event ->
                event instanceof HostEvent.IncomingConnectionFailed || event instanceof HostEvent.ConnectionClosed);
        node.awaitNoConnections();
    }

    private static void provesItsKey(Bench bench, KeyType type) throws NotForThisPeer {
        Cases.requireKey(bench.peer(), type);
        bench.dials(bench.node(type), "ping");
    }

    private static void believesTheirKey(Bench bench, KeyType type)
            throws NotForThisPeer, IOException, InterruptedException {
        Cases.requireKey(bench.peer(), type);
        OurNode node = bench.node();
        PrivateKey key = PrivateKey.generate(type);
        bench.dials(node, "ping", "--key", bench.keyFile(key));
        Check.equal(
                "their id",
                node.awaitEvent(HostEvent.ConnectionEstablished.class)
                        .connection()
                        .remotePeer(),
                PeerId.of(key.publicKey()));
    }

    private static void keepsASilentStream(Bench bench) {
        String seconds = Long.toString(bench.scale().silence().toSeconds());
        Check.ok(bench.startDial(bench.node().address(), "hold", "--seconds", seconds, "--timeout", "120")
                .awaitResult(Cases.LONG));
    }

    private static void closes(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        RunningListener dialer = bench.listener();
        Connection connection = dialed(node, dialer);
        OurNode.await(node.ping().ping(connection));
        CloseCause cause = OurNode.await(connection.close());
        Check.equal("the reason", cause.reason(), CloseCause.Reason.LOCAL);
        dialer.awaitEvent("disconnected", node);
    }

    private static void isClosed(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        RunningListener dialer = bench.listener();
        Cases.isClosed(bench.peer(), node, dialed(node, dialer), dialer);
    }

    /** A request that arrived before the close is answered before the connection closes. */
    private static void closesWithAnAnswerUnderWay(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        CompletableFuture<CloseCause> closed = new CompletableFuture<>();
        node.beforeDigest(stream -> stream.connection().close().thenAccept(closed::complete));
        bench.dials(node, "half", "--size", "100000");
        Check.equal("the reason", OurNode.await(closed).reason(), CloseCause.Reason.LOCAL);
    }

    private static void isClosedWithAnAnswerUnderWay(Bench bench) throws InterruptedException {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener dialer = bench.listener();
        Connection connection = dialed(node, dialer);
        var perf = Cases.download(node, connection);
        dialer.process().send("close " + node.host().peerId());
        OurNode.await(connection.closed());
        OurNode.failure(perf);
        node.awaitNoConnections();
    }

    private static Connection dialed(OurNode node, RunningListener dialer) throws InterruptedException {
        dialer.process().send("dial " + node.address());
        return node.awaitEvent(HostEvent.ConnectionEstablished.class).connection();
    }
}
