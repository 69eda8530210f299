package org.minip2p.interop;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.time.Duration;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.protocols.IdentifyInfo;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.PerfProgress;
import org.minip2p.protocols.PerfResult;
import org.minip2p.protocols.Ping;

/** The cases of ping, identify and perf in which our node dials the peer. */
final class WeDialProtocols {
    private WeDialProtocols() {}

    static void pings(Bench bench) {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        Check.that(OurNode.await(node.ping().ping(connection)).toNanos() > 0, "no time");
        Check.that(OurNode.await(node.ping().ping(connection)).toNanos() > 0, "no time");
        Check.that(OurNode.await(connection.ping()).toNanos() > 0, "no time");
    }

    /** Pings with long pauses, in which a peer may end the idle ping stream. */
    static void pingsSeldom(Bench bench) throws InterruptedException {
        OurNode node = bench.node();
        Connection connection = node.dial(bench.listener().address());
        OurNode.await(node.ping().ping(connection));
        Bench.pass(Duration.ofSeconds(12));
        OurNode.await(node.ping().ping(connection));
    }

    static void identifies(Bench bench) {
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

    static void pushes(Bench bench) {
        OurNode node = bench.node(bench.forEarlyEnds());
        RunningListener listener = bench.listener();
        OurNode.await(node.identify().identify(node.dial(listener.address())));
        listener.awaitEvent("identified", node);

        node.host()
                .handle(OurNode.PUSHED, HALF_OPEN, stream -> stream.pipeline().addLast(new EchoHandler()));
        OurNode.await(node.identify().push());

        listener.awaitEvent("identified", node, line -> line.texts("protocols").contains(OurNode.PUSHED.value()));
    }

    static String measures(Bench bench) {
        OurNode node = bench.node();
        long bytes = bench.scale().perfBytes();
        PerfResult result = OurNode.await(
                node.perf().run(node.dial(bench.listener().address()), bytes, bytes, PerfProgress.NONE), Cases.LONG);
        Check.equal("bytes up", result.uploadBytes(), bytes);
        Check.equal("bytes down", result.downloadBytes(), bytes);
        return Cases.rates(
                bytes,
                result.uploadTime().toNanos() / 1e9,
                result.downloadTime().toNanos() / 1e9);
    }
}
