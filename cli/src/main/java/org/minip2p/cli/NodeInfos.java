package org.minip2p.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Printable;
import org.minip2p.handshake.FailureReason;
import org.minip2p.handshake.HandshakeEvent;
import org.minip2p.handshake.HandshakeListener;
import org.minip2p.handshake.HandshakeOptions;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.handshake.NodeInfoHandshake;
import org.minip2p.host.Host;

/** The node info of this command's nodes, and the output of their peers' info. Immutable. */
final class NodeInfos {
    static final String DEFAULT_NETWORK_ID = "0x00000502";

    private static final String NO_SUBNETS = "0".repeat(Metadata.SUBNETS_LENGTH);

    private final NodeInfo own;
    private final Set<String> accepted;

    private NodeInfos(NodeInfo own, Set<String> accepted) {
        this.own = own;
        this.accepted = accepted;
    }

    /**
     * The node info of a node of a network.
     *
     * @param networkId as on the wire, such as {@code 0x00000502}
     * @param alsoAccepted the other networks that a peer may be on
     * @throws IllegalArgumentException when it is not a network id
     */
    static NodeInfos of(String networkId, List<String> alsoAccepted) {
        Set<String> accepted = new TreeSet<>(alsoAccepted);
        accepted.add(networkId);
        return new NodeInfos(NodeInfo.of(networkId, new Metadata(Version.agent(), "", "", NO_SUBNETS)), accepted);
    }

    /** Exchanges node info with every peer of a host and prints the results. */
    void serve(Host host, EventPrinter printer) {
        install(host, (node, event) -> printer.print("handshake", report(event)));
    }

    /** Exchanges node info with the only peer of a host; returns the peer's info, or fails with the reason. */
    CompletableFuture<NodeInfo> exchange(Host host) {
        CompletableFuture<NodeInfo> theirs = new CompletableFuture<>();
        install(host, (node, event) -> {
            if (event instanceof HandshakeEvent.Completed completed) {
                theirs.complete(completed.theirInfo());
            } else if (event instanceof HandshakeEvent.Failed failed) {
                theirs.completeExceptionally(
                        CommandFailedException.withReason(name(failed.reason()), text(failed.reason())));
            } else if (!(event instanceof HandshakeEvent.Updated)) { // a later event has no effect here
                throw new IllegalArgumentException("unknown event " + event);
            }
        });
        return theirs;
    }

    private void install(Host host, HandshakeListener listener) {
        // Each operation of the dial command speaks one protocol, and may take long.
        HandshakeOptions options = HandshakeOptions.defaults()
                .withAcceptedNetworks(() -> accepted)
                .withFailurePolicy(HandshakeOptions.FailurePolicy.CLOSE_IF_SPOKEN);
        NodeInfoHandshake.install(host, () -> own, options, listener);
    }

    /** Metadata as a JSON object, null when the peer sent none. */
    static @Nullable Map<String, String> metadata(NodeInfo info) {
        return info.metadata().map(NodeInfos::values).orElse(null);
    }

    private static Map<String, String> values(Metadata metadata) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("nodeVersion", metadata.nodeVersion());
        values.put("executionNode", metadata.executionNode());
        values.put("consensusNode", metadata.consensusNode());
        values.put("subnets", metadata.subnets());
        return values;
    }

    private static Report report(HandshakeEvent event) {
        Report report = EventPrinter.about(event.peerId()).value("connection", event.connectionId());
        if (event instanceof HandshakeEvent.Completed completed) {
            return told(report, "completed", completed.theirInfo()).value("initiatedByUs", completed.initiatedByUs());
        }
        if (event instanceof HandshakeEvent.Updated updated) {
            return told(report, "updated", updated.theirInfo());
        }
        if (event instanceof HandshakeEvent.Failed failed) {
            return report.value("outcome", "failed")
                    .value("reason", name(failed.reason()))
                    .value("error", text(failed.reason()))
                    .value("initiatedByUs", failed.initiatedByUs())
                    .line("failed:", text(failed.reason()));
        }
        throw new IllegalArgumentException("unknown event " + event);
    }

    private static Report told(Report report, String outcome, NodeInfo theirs) {
        return report.value("outcome", outcome)
                .value("networkId", theirs.networkId())
                .value("metadata", metadata(theirs))
                .line(outcome + ":", theirs.toString());
    }

    /** The kind of failure, by its name in the API. */
    private static String name(FailureReason reason) {
        return reason.getClass().getSimpleName();
    }

    private static String text(FailureReason reason) {
        return reason instanceof FailureReason.NetworkMismatch mismatch
                ? "expected a peer of network " + String.join(" or ", mismatch.accepted()) + ", found one of network "
                        + Printable.of(mismatch.theirs())
                : reason.toString();
    }
}
