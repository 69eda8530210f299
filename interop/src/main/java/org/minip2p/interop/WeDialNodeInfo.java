package org.minip2p.interop;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.Metadata;
import org.minip2p.host.Connection;
import org.minip2p.host.DialCondition;
import org.minip2p.host.DialOptions;

/** The cases of the node-info handshake in which our node dials the peer. */
final class WeDialNodeInfo {
    private WeDialNodeInfo() {}

    static void shakesHands(Bench bench) throws InterruptedException {
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

    static void refusesAnotherNetwork(Bench bench) throws InterruptedException {
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

    static void refusesAnotherSigner(Bench bench) throws InterruptedException {
        fails(bench, FailureReason.WrongSigner.class, "--wrong-signer");
    }

    static void refusesAnInfoThatIsTooLarge(Bench bench) throws InterruptedException {
        fails(bench, FailureReason.TooLarge.class, "--pad", Cases.PAD);
    }

    private static void fails(Bench bench, Class<? extends FailureReason> reason, String... options)
            throws InterruptedException {
        OurNode node = bench.nodeOn(OurNode.NETWORK);
        Connection connection = node.dial(bench.listener(options).address());
        Check.isA("the reason", node.awaitHandshake(HandshakeEvent.Failed.class).reason(), reason);
        OurNode.await(connection.closed());
    }

    static String dialsMutually(Bench bench) throws InterruptedException {
        if (bench.peer().isJs()) {
            return dialsMutuallyWithoutTheirHandshake(bench);
        }
        String option = bench.peer().isGo() ? "--ssv" : "--auto-handshake";
        int rounds = bench.scale().mutualRounds();
        int nodes = (int) Math.ceil(Math.sqrt(rounds));
        MutualDials dials = bench.keep(new MutualDials(bench.peer(), nodes, 4, rounds, option));
        // An SSV node gives up after 20 s, so the connections are held for longer.
        MutualDialResult result =
                dials.run(rounds, Duration.ofSeconds(bench.peer().isGo() ? 25 : 2));
        Check.equal("what went wrong in " + result, result.faults(), List.of());
        Check.that(result.ourP99().toMillis() < 2_000, "too late: " + result);
        return result.toString();
    }

    /** The js peer starts no handshake, so only ours runs. */
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
}
