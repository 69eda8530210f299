package org.minip2p.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.NodeInfo;
import picocli.CommandLine.Option;

/** The network of a node that exchanges node info, and those of its peers. */
final class NetworkOptions {
    @Option(
            names = "--network-id",
            paramLabel = "ID",
            defaultValue = NodeInfos.DEFAULT_NETWORK_ID,
            description = "The network that our node info names; ${DEFAULT-VALUE} by default.")
    private @Nullable NodeInfo network;

    @Option(
            names = "--accept-network",
            paramLabel = "ID",
            description =
                    "Another network that a peer may be on, for example around a fork; may be given several times. Without "
                            + "it a peer must be on our network.")
    private List<NodeInfo> accepted = new ArrayList<>();

    /** Their values. */
    NodeInfos infos() {
        return NodeInfos.of(
                Required.argument(network).networkId(),
                accepted.stream().map(NodeInfo::networkId).toList());
    }
}
