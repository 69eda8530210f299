package org.minip2p.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.Metadata;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialFailedException;
import org.minip2p.host.DialOptions;
import org.minip2p.host.HostConfig;
import org.minip2p.multistream.UnsupportedProtocolException;
import org.minip2p.protocols.IdentifyInfo;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfProgress;
import org.minip2p.protocols.PerfResult;
import org.minip2p.protocols.Ping;
import org.minip2p.yamux.StreamResetException;

/** The cases in which our node dials the peer. */
final class WeDial {
    private static final Duration LONG = Duration.ofSeconds(150);

    /** Larger than any node info may be. */
    static final String PAD = "70000";

    private WeDial() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of(Cases.SILENCE, LONG, WeDial::keepsASilentStream));
        cases.add(new Case(Cases.MUTUAL_DIAL, LONG, WeDial::dialsMutually));
        cases.add(Case.of("pings 12 s apart", WeDial::pingsSeldom));
        cases.add(new Case(Cases.PERF, LONG, WeDial::measures));
        cases.add(Case.of(Cases.PING, WeDial::pings));
        cases.add(Case.of(Cases.IDENTIFY, WeDial::identifies));
        cases.add(Case.of(Cases.PUSH, WeDial::pushes));
        for (int bytes : Cases.ECHO_BYTES) {
            cases.add(Case.of(Cases.echo(bytes), bench -> echoes(bench, bytes)));
        }
        cases.add(Case.of(Cases.LARGE_FRAMES, WeDial::takesFramesAsLargeAsTheWindow));
        cases.add(Case.of(Cases.HALF_CLOSE_BEFORE, WeDial::getsTheAnswerAfterTheHalfClose));
        cases.add(Case.of("half-close after the answer", WeDial::endsAfterTheAnswer));
        cases.add(new Case("FIN in the first flight", Duration.ofSeconds(60), WeDial::endsInTheFirstFlight));
        cases.add(Case.of("FIN held back until the protocol is confirmed", WeDial::endsWhenConfirmed));
        cases.add(Case.of("data, then FIN in the same Noise frame", WeDial::endsWithTheData));
        cases.add(Case.of(Cases.THEIR_RESET, WeDial::seesAReset));
        cases.add(Case.of(Cases.OUR_RESET, WeDial::resets));
        cases.add(Case.of(Cases.NOT_SPOKEN, WeDial::seesThatAProtocolIsNotSpoken));
        cases.add(Case.of("the second of two protocols", WeDial::agreesOnTheSecondProtocol));
        cases.add(Case.of(Cases.HUNDRED_AT_ONCE, WeDial::opensAHundredStreamsAtOnce));
        cases.add(Case.of(Cases.TWO_HUNDRED_IN_TURN, WeDial::opensTwoHundredStreamsInTurn));
        cases.add(Case.of(Cases.NODE_INFO, WeDial::shakesHands));
        cases.add(Case.of(Cases.OTHER_NETWORK, WeDial::refusesAnotherNetwork));
        cases.add(Case.of(Cases.WRONG_SIGNER, WeDial::refusesAnotherSigner));
        cases.add(Case.of(Cases.TOO_LARGE, WeDial::refusesAnInfoThatIsTooLarge));
        cases.add(Case.of(Cases.WRONG_PEER, WeDial::refusesAnotherPeer));
        cases.add(Case.of("peer id as a CID in the address", WeDial::readsBothFormsOfAPeerId));
        for (KeyType type : KeyType.values()) {
            String name = type.name().toLowerCase(Locale.ROOT);
            cases.add(Case.of("our key is " + name, bench -> provesItsKey(bench, type)));
            cases.add(Case.of("their key is " + name, bench -> believesTheirKey(bench, type)));
        }
        cases.add(Case.of(Cases.EARLY_MUXER, bench -> agreesOnTheMuxer(bench, true)));
        cases.add(Case.of(Cases.OUR_EARLY_MUXER_OFF, bench -> agreesOnTheMuxer(bench, false)));
        cases.add(Case.of(Cases.THEIR_EARLY_MUXER_OFF, WeDial::agreesOnTheMuxerWithoutThem));
        cases.add(Case.of(Cases.PIPELINING_OFF, bench -> echoesWith(bench, true)));
        cases.add(Case.of("pipelining and early muxer negotiation off", bench -> echoesWith(bench, false)));
        cases.add(Case.of(Cases.OUR_CLOSE, WeDial::closes));
        cases.add(Case.of(Cases.THEIR_CLOSE, WeDial::isClosed));
        cases.add(Case.of("their stop", WeDial::seesThemStop));
        cases.add(Case.of(Cases.OUR_CLOSE_UNDER_WAY, WeDial::closesWithAnAnswerUnderWay));
        cases.add(Case.of(Cases.THEIR_CLOSE_UNDER_WAY, WeDial::isClosedWithAnAnswerUnderWay));
        cases.add(new Case(
                "their own limits on streams and connections", Duration.ofSeconds(60), WeDial::meetsTheirLimits));
        return cases;
    }

    private static void pings(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Check.that(OurNode.await(node.ping().ping(connection)).toNanos() > 0, "no time");
        Check.that(OurNode.await(node.ping().ping(connection)).toNanos() > 0, "no time");
        Check.that(OurNode.await(connection.ping()).toNanos() > 0, "no time");
    }

    /** A peer may end a ping stream that is idle in between. */
    private static void pingsSeldom(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        OurNode.await(node.ping().ping(connection));
        Bench.pass(Duration.ofSeconds(12));
        OurNode.await(node.ping().ping(connection));
    }

    private static void identifies(Bench bench) {
        OurNode node = bench.node();
        RunningListener listener = bench.listener();

        IdentifyInfo theirs = OurNode.await(node.identify().identify(node.dial(listener.address())));
        JsonLine ours = listener.awaitEvent("identified", node);

        String agent = theirs.agentVersion();
        Check.that(
                agent.startsWith(bench.peer().implementation() + "/")
                        && agent.contains(bench.peer().version()),
                "the agent is " + agent);
        Check.contains("their protocols", theirs.protocols(), Ping.ID, OurNode.ECHO, OurNode.HALF, Perf.ID);
        Check.contains(
                "their addresses",
                theirs.listenAddresses(),
                Multiaddr.parse(listener.address()).withoutPeerId());
        Check.that(theirs.observedAddress().isPresent(), "no observed address");
        Check.equal("our agent", ours.text("agentVersion"), OurNode.AGENT_VERSION);
        Check.contains("our protocols", ours.texts("protocols"), "/ipfs/ping/1.0.0", "/ipfs/id/1.0.0", "/echo/1.0.0");
        Check.that(
                ours.texts("listenAddresses").toString().contains(node.addressWithoutPeerId()),
                "our address is not in " + ours);
    }

    private static void pushes(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener listener = bench.listener();
        OurNode.await(node.identify().identify(node.dial(listener.address())));
        listener.awaitEvent("identified", node);

        node.host().handle(OurNode.PUSHED, stream -> stream.pipeline().addLast(new EchoHandler()));
        OurNode.await(node.identify().push());

        listener.awaitEvent("identified", node, line -> line.texts("protocols").contains(OurNode.PUSHED.value()));
    }

    private static void echoes(Bench bench, int bytes) {
        OurNode node = bench.node(bytes == 0 ? bench.forEarlyEnds() : HostConfig.defaults());
        bench.echo(node, node.dial(bench.listener().address()), bytes);
    }

    private static void takesFramesAsLargeAsTheWindow(Bench bench) throws NotForThisPeer {
        NotForThisPeer.unless(bench.peer() == Peers.JS, "js-libp2p 3 alone writes frames as large as the window");
        OurNode node = bench.node();
        bench.echo(node, node.dial(bench.listener("--stock-writers").address()), 5 << 20);
    }

    private static void getsTheAnswerAfterTheHalfClose(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        Connection connection = node.dial(bench.listener().address());
        for (int bytes : new int[] {0, 1, 1 << 20}) {
            half(node, connection, bytes);
        }
    }

    private static void half(OurNode node, Connection connection, int bytes) {
        Answer answer = OurNode.await(node.request(connection, OurNode.HALF, bytes));
        Check.equal("the answer", answer.text(), answer.sentSha256() + " " + bytes);
    }

    private static void endsAfterTheAnswer(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Check.echo(OurNode.await(
                node.request(connection, OurNode.ECHO, RequestHandler.endingAfterTheWholeAnswer(100_000))));
    }

    /** Negotiation, request and its end leave in one flight, on a fresh connection and then on one that is there. */
    private static String endsInTheFirstFlight(Bench bench) throws PeerFault {
        int tries = 20;
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        int resets = 0;
        for (int i = 0; i < tries; i++) {
            Throwable failure = OurNode.outcome(node.request(connection, OurNode.HALF, 1_000)
                    .thenAccept(answer -> Check.equal("the answer", answer.text(), answer.sentSha256() + " 1000")));
            if (failure instanceof StreamResetException && bench.peer().isJs()) {
                resets++;
            } else if (failure != null) {
                throw new AssertionError("request " + i + ": " + failure, failure);
            }
        }
        bench.echo(node, connection, 1_000);
        if (resets > 0) {
            throw new PeerFault(
                    resets + " of " + tries + " requests were reset by js-libp2p: what it has read ahead of the"
                            + " negotiation it pushes back onto the stream, and resets it when the end has come meanwhile; the"
                            + " connection lived on, and with the end held back all is well (next case)");
        }
        return tries + " of " + tries;
    }

    private static void endsWhenConfirmed(Bench bench) {
        OurNode node = bench.keep(OurNode.startWithConfirmation(OurNode.HALF));
        Connection connection = node.dial(bench.listener().address());
        for (int i = 0; i < 20; i++) {
            half(node, connection, 1_000);
        }
    }

    private static void endsWithTheData(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        for (int bytes : new int[] {2, 1_000, 60_000}) {
            RequestHandler request = RequestHandler.inTwoParts(bytes);
            CompletableFuture<Answer> answer = node.request(connection, OurNode.ECHO, request);
            OurNode.await(request.firstAnswer());
            request.sendRest();
            Check.echo(OurNode.await(answer));
        }
    }

    private static void seesAReset(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Throwable failure = OurNode.failure(node.request(connection, OurNode.RESET, RequestHandler.withoutEnd(10)));
        Check.isA("the failure", failure, StreamResetException.class);
        bench.echo(node, connection, 1);
    }

    private static void resets(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        byte[] text = "a".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        var stream = OurNode.await(connection.openStream(
                OurNode.ECHO,
                opened -> opened.channel()
                        .writeAndFlush(opened.channel().alloc().buffer().writeBytes(text))));
        stream.reset();
        bench.echo(node, connection, 100_000);
    }

    private static void seesThatAProtocolIsNotSpoken(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Throwable failure = OurNode.failure(node.request(connection, new ProtocolId("/no/such/1.0.0"), 10));
        Check.isA("the failure", failure, UnsupportedProtocolException.class);
        bench.echo(node, connection, 1);
    }

    private static void agreesOnTheSecondProtocol(Bench bench) {
        OurNode node = bench.node();
        RequestHandler request = bench.echoRequest(1_000);
        var stream = OurNode.await(node.dial(bench.listener().address())
                .openStream(
                        List.of(new ProtocolId("/no/such/1.0.0"), OurNode.ECHO),
                        opened -> opened.pipeline().addLast(request)));
        Check.equal("the protocol", stream.protocol(), OurNode.ECHO);
        Check.echo(OurNode.await(request.answer()));
    }

    private static void opensAHundredStreamsAtOnce(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(node.request(connection, OurNode.ECHO, bench.echoRequest(10_000 + i)));
        }
        answers.forEach(answer -> Check.echo(OurNode.await(answer)));
    }

    private static void opensTwoHundredStreamsInTurn(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        for (int i = 0; i < 200; i++) {
            bench.echo(node, connection, 1_000);
        }
    }

    private static String measures(Bench bench) {
        OurNode node = bench.node();
        long bytes = bench.scale().perfBytes();
        PerfResult result = OurNode.await(
                node.perf().run(node.dial(bench.listener().address()), bytes, bytes, PerfProgress.NONE), LONG);
        Check.equal("bytes up", result.uploadBytes(), bytes);
        Check.equal("bytes down", result.downloadBytes(), bytes);
        return Cases.rates(
                bytes,
                result.uploadTime().toNanos() / 1e9,
                result.downloadTime().toNanos() / 1e9);
    }

    private static void shakesHands(Bench bench) throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        RunningListener listener = bench.listener();
        node.dial(listener.address());
        HandshakeEvent.Completed ours = node.awaitHandshake(HandshakeEvent.Completed.class);
        JsonLine theirs = Check.ok(listener.awaitEvent("handshake", node));

        Check.that(ours.initiatedByUs(), "they have started");
        Check.equal("their network", ours.theirInfo().networkId(), OurNode.NETWORK);
        Check.equal(
                "their node",
                ours.theirInfo().metadata().map(Metadata::nodeVersion).orElse(""),
                bench.peer().implementation() + "-peer");
        Check.equal("our node", theirs.object("metadata").text("NodeVersion"), OurNode.NODE_VERSION);
    }

    private static void refusesAnotherNetwork(Bench bench) throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.OTHER_NETWORK);
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        HandshakeEvent.Failed ours = node.awaitHandshake(HandshakeEvent.Failed.class);
        JsonLine theirs = listener.awaitEvent("handshake", node);

        Check.equal(
                "our reason",
                ours.reason(),
                new FailureReason.NetworkMismatch(Set.of(OurNode.OTHER_NETWORK), OurNode.NETWORK));
        Check.equal("their reason", theirs.text("reason"), "network-mismatch");
        Check.equal("our network, there", theirs.text("networkId"), OurNode.OTHER_NETWORK);
        OurNode.await(connection.closed());
    }

    private static void refusesAnotherSigner(Bench bench) throws InterruptedException {
        fails(bench, FailureReason.WrongSigner.class, "--wrong-signer");
    }

    private static void refusesAnInfoThatIsTooLarge(Bench bench) throws InterruptedException {
        fails(bench, FailureReason.TooLarge.class, "--pad", PAD);
    }

    private static void fails(Bench bench, Class<? extends FailureReason> reason, String... options)
            throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        Connection connection = node.dial(bench.listener(options).address());
        Check.isA("the reason", node.awaitHandshake(HandshakeEvent.Failed.class).reason(), reason);
        OurNode.await(connection.closed());
    }

    private static void refusesAnotherPeer(Bench bench) {
        OurNode node = bench.node();
        String address = bench.listener().address();
        PeerId other = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
        Throwable failure = OurNode.failure(
                node.host().dial(Multiaddr.parse(address).withoutPeerId().withPeerId(other)));
        Check.isA("the failure", failure, DialFailedException.class);
        Check.that(String.valueOf(failure.getMessage()).contains(other.toString()), "the message is " + failure);
        node.awaitNoConnections();
        bench.echo(node, node.dial(address), 1);
    }

    private static void readsBothFormsOfAPeerId(Bench bench) {
        OurNode node = bench.node();
        Multiaddr address = Multiaddr.parse(bench.listener().address());
        String cid = address.withoutPeerId() + "/p2p/"
                + address.peerId().orElseThrow().toCid();
        bench.echo(node, node.dial(cid), 1);
    }

    private static void provesItsKey(Bench bench, KeyType type) throws NotForThisPeer {
        Cases.requireKey(bench.peer(), type);
        OurNode node = bench.node(type);
        bench.echo(node, node.dial(bench.listener().address()), 1_000);
    }

    private static void believesTheirKey(Bench bench, KeyType type) throws NotForThisPeer, IOException {
        Cases.requireKey(bench.peer(), type);
        OurNode node = bench.node();
        PrivateKey key = PrivateKey.generate(type);
        RunningListener listener = bench.listener("--key", bench.keyFile(key));
        Connection connection = node.dial(listener.address());
        Check.equal("their id", connection.remotePeer(), PeerId.of(key.publicKey()));
        bench.echo(node, connection, 1_000);
    }

    private static void agreesOnTheMuxer(Bench bench, boolean early) {
        OurNode node =
                bench.node(HostConfig.builder().earlyMuxerNegotiation(early).build());
        RunningListener listener = bench.listener();
        bench.echo(node, node.dial(listener.address()), 100_000);
        JsonLine connected = listener.awaitEvent("connected", node);
        if (bench.peer().isGo()) { // the one that tells
            Check.equal("early, as they tell", connected.members().get("earlyMuxer"), early);
        }
    }

    private static void agreesOnTheMuxerWithoutThem(Bench bench) {
        OurNode node = bench.node();
        bench.echo(node, node.dial(bench.listener("--no-early-muxer").address()), 100_000);
    }

    private static void echoesWith(Bench bench, boolean early) {
        OurNode node = bench.node(HostConfig.builder()
                .pipelining(false)
                .earlyMuxerNegotiation(early)
                .build());
        bench.echo(node, node.dial(bench.listener().address()), 100_000);
    }

    private static void keepsASilentStream(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        RequestHandler request = RequestHandler.inTwoParts(1_000);
        CompletableFuture<Answer> answer = node.request(connection, OurNode.ECHO, request);
        OurNode.await(request.firstAnswer());
        Bench.pass(bench.scale().silence());
        request.sendRest();
        Check.echo(OurNode.await(answer));
    }

    private static void closes(Bench bench) {
        OurNode node = bench.node();
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        bench.echo(node, connection, 1);
        CloseCause cause = OurNode.await(connection.close());
        listener.awaitEvent("disconnected", node);
        Check.equal("the reason", cause.reason(), CloseCause.Reason.LOCAL);
    }

    private static void isClosed(Bench bench) {
        OurNode node = bench.node();
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        Cases.isClosed(bench.peer(), node, connection, listener);
    }

    private static void seesThemStop(Bench bench) {
        OurNode node = bench.node();
        RunningListener stopped = bench.listener(new String[0]);
        Connection connection = node.dial(stopped.address());
        OurNode.await(node.identify().identify(connection));
        stopped.close();
        CloseCause.Reason reason = OurNode.await(connection.closed()).reason();
        Check.that(reason == CloseCause.Reason.REMOTE || reason == CloseCause.Reason.ERROR, "the reason is " + reason);
    }

    /** What is still coming is not waited for: the request fails, and does not end as if it were whole. */
    private static void closesWithAnAnswerUnderWay(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        CompletableFuture<?> perf = Cases.download(node, connection);
        OurNode.await(connection.close());
        listener.awaitEvent("disconnected", node);
        OurNode.failure(perf);
    }

    private static void isClosedWithAnAnswerUnderWay(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        CompletableFuture<?> perf = Cases.download(node, connection);
        listener.process().send("close " + node.host().peerId());
        OurNode.await(connection.closed());
        OurNode.failure(perf);
    }

    private static String dialsMutually(Bench bench) throws InterruptedException {
        if (bench.peer().isJs()) {
            return dialsMutuallyWithoutTheirHandshake(bench);
        }
        String option = bench.peer().isGo() ? "--ssv" : "--auto-handshake";
        int rounds = bench.scale().mutualRounds();
        int nodes = (int) Math.ceil(Math.sqrt(rounds));
        MutualDials dials = bench.keep(new MutualDials(bench.peer(), nodes, 4, rounds, option));
        // An SSV node gives up after 20 s.
        MutualDialResult result =
                dials.run(rounds, Duration.ofSeconds(bench.peer().isGo() ? 25 : 2));
        Check.equal("what went wrong in " + result, result.faults(), List.of());
        Check.that(result.ourP99().toMillis() < 2_000, "too late: " + result);
        return result.toString();
    }

    /** The js peer starts no handshake: ours runs. */
    private static String dialsMutuallyWithoutTheirHandshake(Bench bench) throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        RunningListener listener = bench.listener();
        PeerId peer = Multiaddr.parse(listener.address()).peerId().orElseThrow();
        listener.process().send("dial " + node.address());
        OurNode.outcome(node.host().dial(Multiaddr.parse(listener.address()), DialOptions.when(DialCondition.ALWAYS)));
        node.awaitHandshake(HandshakeEvent.Completed.class);
        Bench.pass(Duration.ofSeconds(2));
        Connection left = node.host().connection(peer).orElseThrow();
        OurNode.await(node.ping().ping(left));
        return "the js peer starts no handshake; ours completed, and a connection is left";
    }

    /** js-libp2p allows 32 streams of a protocol, and 5 connections a second; the others have no such limits. */
    private static String meetsTheirLimits(Bench bench) throws NotForThisPeer, InterruptedException {
        NotForThisPeer.unless(bench.peer().isJs(), "js-libp2p alone has limits this low");
        RunningListener stock = bench.listener("--stock-limits");
        OurNode node = bench.node();
        Connection connection = node.dial(stock.address());
        List<RequestHandler> open = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            RequestHandler request = RequestHandler.inTwoParts(100);
            CompletableFuture<Answer> answer = node.request(connection, OurNode.ECHO, request);
            Throwable failure = OurNode.outcome(CompletableFuture.anyOf(request.firstAnswer(), answer));
            if (failure == null) {
                open.add(request);
            } else {
                Check.isA("a stream beyond the limit", failure, StreamResetException.class);
                refused++;
            }
        }
        for (RequestHandler request : open) {
            request.sendRest();
            Check.echo(OurNode.await(request.answer()));
        }
        Check.that(refused > 0, "no stream was refused");
        bench.echo(node, connection, 100);
        int connections = 0;
        for (int i = 0; i < 10; i++) {
            OurNode another = bench.node();
            CompletableFuture<Void> works = another.host()
                    .dial(Multiaddr.parse(stock.address()))
                    .thenCompose(made -> another.ping().ping(made))
                    .thenAccept(time -> {});
            connections += OurNode.outcome(works) == null ? 1 : 0;
        }
        Bench.pass(Duration.ofSeconds(2));
        OurNode last = bench.node();
        OurNode.await(last.ping().ping(last.dial(stock.address())));
        return open.size() + " of 40 streams and " + connections + " of 10 connections in a row were let in";
    }
}
