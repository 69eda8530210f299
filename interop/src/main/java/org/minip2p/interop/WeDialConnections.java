package org.minip2p.interop;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.DialFailedException;
import org.minip2p.host.HostConfig;

/** The cases of connections, from the peer's identity to the close, in which our node dials the peer. */
final class WeDialConnections {
    private WeDialConnections() {}

    static void refusesAnotherPeer(Bench bench) {
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

    static void readsBothFormsOfAPeerId(Bench bench) {
        OurNode node = bench.node();
        Multiaddr address = Multiaddr.parse(bench.listener().address());
        String cid = address.withoutPeerId() + "/p2p/"
                + address.peerId().orElseThrow().toCid();
        bench.echo(node, node.dial(cid), 1);
    }

    static void provesItsKey(Bench bench, KeyType type) throws NotForThisPeer {
        Cases.requireKey(bench.peer(), type);
        OurNode node = bench.node(type);
        bench.echo(node, node.dial(bench.listener().address()), 1_000);
    }

    static void believesTheirKey(Bench bench, KeyType type) throws NotForThisPeer, IOException {
        Cases.requireKey(bench.peer(), type);
        OurNode node = bench.node();
        PrivateKey key = PrivateKey.generate(type);
        RunningListener listener = bench.listener("--key", bench.keyFile(key));
        Connection connection = node.dial(listener.address());
        Check.equal("their id", connection.remotePeer(), PeerId.of(key.publicKey()));
        bench.echo(node, connection, 1_000);
    }

    static void agreesOnTheMuxer(Bench bench, boolean early) {
        OurNode node = bench.node(HostConfig.defaults().with(HostConfig.EARLY_MUXER_NEGOTIATION, early));
        RunningListener listener = bench.listener();
        bench.echo(node, node.dial(listener.address()), 100_000);
        JsonLine connected = listener.awaitEvent("connected", node);
        if (bench.peer().isGo()) { // the peer that reports it
            Check.equal("early, as they report", connected.members().get("earlyMuxer"), early);
        }
    }

    static void agreesOnTheMuxerWithoutThem(Bench bench) {
        OurNode node = bench.node();
        bench.echo(node, node.dial(bench.listener("--no-early-muxer").address()), 100_000);
    }

    static void echoesWith(Bench bench, boolean early) {
        OurNode node = bench.node(HostConfig.defaults()
                .with(HostConfig.PIPELINING, false)
                .with(HostConfig.EARLY_MUXER_NEGOTIATION, early));
        bench.echo(node, node.dial(bench.listener().address()), 100_000);
    }

    static void closes(Bench bench) {
        OurNode node = bench.node();
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        bench.echo(node, connection, 1);
        CloseCause cause = OurNode.await(connection.close());
        listener.awaitEvent("disconnected", node);
        Check.equal("the reason", cause.reason(), CloseCause.Reason.LOCAL);
    }

    static void isClosed(Bench bench) {
        OurNode node = bench.node();
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        Cases.isClosed(bench.peer(), node, connection, listener);
    }

    static void seesThemStop(Bench bench) {
        OurNode node = bench.node();
        RunningListener stopped = bench.listener(new String[0]);
        Connection connection = node.dial(stopped.address());
        OurNode.await(node.identify().identify(connection));
        stopped.close();
        CloseCause.Reason reason = OurNode.await(connection.closed()).reason();
        Check.that(reason == CloseCause.Reason.REMOTE || reason == CloseCause.Reason.ERROR, "the reason is " + reason);
    }

    /** A close does not wait for the rest of an answer: the request fails, and does not end as if its answer were complete. */
    static void closesWithAnAnswerUnderWay(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        CompletableFuture<?> perf = Cases.download(node, connection);
        OurNode.await(connection.close());
        listener.awaitEvent("disconnected", node);
        OurNode.failure(perf);
    }

    static void isClosedWithAnAnswerUnderWay(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener listener = bench.listener();
        Connection connection = node.dial(listener.address());
        CompletableFuture<?> perf = Cases.download(node, connection);
        listener.process().send("close " + node.host().peerId());
        OurNode.await(connection.closed());
        OurNode.failure(perf);
    }
}
