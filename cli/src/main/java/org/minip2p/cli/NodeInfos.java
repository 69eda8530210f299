package org.minip2p.cli;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.minip2p.host.Host;

/** Node info of this command's nodes. */
final class NodeInfos {
    static final String DEFAULT_NETWORK_ID = "0x00000502";

    /** What an exchange told of the other node. */
    record Outcome(String networkId, Map<String, String> metadata) {}

    private final String networkId;

    private NodeInfos(String networkId) {
        this.networkId = networkId;
    }

    static NodeInfos of(String networkId) {
        return new NodeInfos(networkId);
    }

    void serve(Host host, EventPrinter printer) {}

    CompletableFuture<Outcome> exchange(Host host) {
        return CompletableFuture.completedFuture(new Outcome(networkId, Map.of()));
    }
}
