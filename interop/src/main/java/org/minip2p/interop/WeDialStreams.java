package org.minip2p.interop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.StreamResetException;
import org.minip2p.core.UnsupportedProtocolException;
import org.minip2p.host.Connection;
import org.minip2p.host.HostConfig;

/** The cases of streams, their ends and their limits, in which our node dials the peer. */
final class WeDialStreams {
    private WeDialStreams() {}

    static void echoes(Bench bench, int bytes) {
        OurNode node = bench.node(bytes == 0 ? bench.forEarlyEnds() : HostConfig.defaults());
        bench.echo(node, node.dial(bench.listener().address()), bytes);
    }

    static void takesFramesAsLargeAsTheWindow(Bench bench) throws NotForThisPeer {
        NotForThisPeer.unless(bench.peer() == Peers.JS, "only js-libp2p 3 writes frames up to the window size");
        OurNode node = bench.node();
        bench.echo(node, node.dial(bench.listener("--stock-writers").address()), 5 << 20);
    }

    static void getsTheAnswerAfterTheHalfClose(Bench bench) {
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

    static void endsAfterTheAnswer(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Check.echo(OurNode.await(
                node.request(connection, OurNode.ECHO, RequestHandler.endingAfterTheWholeAnswer(100_000))));
    }

    /** Negotiation, request and end are sent in one flight, on a new connection and then on an existing one. */
    static String endsInTheFirstFlight(Bench bench) throws PeerFault {
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
            throw new PeerFault(resets + " of " + tries
                    + " requests were reset by js-libp2p: it pushes data that it read ahead of the"
                    + " negotiation back onto the stream, and resets the stream if it has ended meanwhile; the"
                    + " connection stayed open, and there are no resets if the end is held back (next case)");
        }
        return tries + " of " + tries;
    }

    static void endsWhenConfirmed(Bench bench) {
        OurNode node = bench.keep(OurNode.startWithConfirmation(OurNode.HALF));
        Connection connection = node.dial(bench.listener().address());
        for (int i = 0; i < 20; i++) {
            half(node, connection, 1_000);
        }
    }

    static void endsWithTheData(Bench bench) {
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

    static void seesAReset(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Throwable failure = OurNode.failure(node.request(connection, OurNode.RESET, RequestHandler.withoutEnd(10)));
        Check.isA("the failure", failure, StreamResetException.class);
        bench.echo(node, connection, 1);
    }

    static void resets(Bench bench) {
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

    static void seesThatAProtocolIsNotSpoken(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Throwable failure = OurNode.failure(node.request(connection, new ProtocolId("/no/such/1.0.0"), 10));
        Check.isA("the failure", failure, UnsupportedProtocolException.class);
        bench.echo(node, connection, 1);
    }

    static void agreesOnTheSecondProtocol(Bench bench) {
        OurNode node = bench.node();
        RequestHandler request = bench.echoRequest(1_000);
        var stream = OurNode.await(node.dial(bench.listener().address())
                .openStream(
                        List.of(new ProtocolId("/no/such/1.0.0"), OurNode.ECHO),
                        opened -> opened.pipeline().addLast(request)));
        Check.equal("the protocol", stream.protocol(), OurNode.ECHO);
        Check.echo(OurNode.await(request.answer()));
    }

    static void opensAHundredStreamsAtOnce(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(node.request(connection, OurNode.ECHO, bench.echoRequest(10_000 + i)));
        }
        answers.forEach(answer -> Check.echo(OurNode.await(answer)));
    }

    static void opensTwoHundredStreamsInTurn(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        for (int i = 0; i < 200; i++) {
            bench.echo(node, connection, 1_000);
        }
    }

    static void keepsASilentStream(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        RequestHandler request = RequestHandler.inTwoParts(1_000);
        CompletableFuture<Answer> answer = node.request(connection, OurNode.ECHO, request);
        OurNode.await(request.firstAnswer());
        Bench.pass(bench.scale().silence());
        request.sendRest();
        Check.echo(OurNode.await(answer));
    }

    /** js-libp2p allows 32 streams of a protocol, and 5 connections a second; the others have no such limits. */
    static String meetsTheirLimits(Bench bench) throws NotForThisPeer, InterruptedException {
        NotForThisPeer.unless(bench.peer().isJs(), "only js-libp2p has limits this low");
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
