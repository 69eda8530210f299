package org.minip2p.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.Printable;
import org.minip2p.handshake.Metadata;
import org.minip2p.handshake.NodeInfo;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Exchanges node info with a peer. */
@Command(name = "handshake", description = "Exchange signed node info with the peer.")
final class HandshakeCommand implements Callable<Integer> {
    /** An exchange may take 5 s, and there are three attempts. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final DialCommand dial;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    HandshakeCommand(DialCommand dial) {
        this.dial = dial;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        try (Host host = dial.start()) {
            CompletableFuture<NodeInfo> exchange = network.infos().exchange(host);
            Connection connection = dial.connect(host);
            NodeInfo theirs = Await.result("handshake", exchange, LIMIT);
            dial.output()
                    .result(Report.ok()
                            .line("peer", connection.remotePeer().toString())
                            .both("networkId", theirs.networkId(), "network", Printable.of(theirs.networkId()))
                            .both("metadata", NodeInfos.metadata(theirs), "metadata", text(theirs)));
        }
        return ExitCode.OK;
    }

    private static String text(NodeInfo info) {
        return info.metadata().map(Metadata::toString).orElse("none");
    }
}
