package org.minip2p.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.DialOptions;
import org.minip2p.host.Host;
import org.minip2p.host.HostConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The common part of all commands that dial a peer; it does nothing itself. */
@Command(
        name = "dial",
        synopsisSubcommandLabel = "(ping | echo | perf | identify | handshake)",
        description = "Dial a peer and ask it something.")
final class DialCommand {
    /** The host has its own, shorter limits; this one applies if they fail. */
    private static final Duration BEYOND_DIAL_TIMEOUT = Duration.ofSeconds(5);

    private final Minip2pCommand root;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Parameters(
            paramLabel = "MULTIADDR",
            description = "Where the peer is, such as /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW...; "
                    + "without /p2p/... any peer that answers there is accepted.")
    private @Nullable Multiaddr address;

    DialCommand(Minip2pCommand root) {
        this.root = root;
    }

    Output output() {
        return root.output();
    }

    /** Starts the host that dials; it listens nowhere. */
    Host start() throws CommandFailedException, InterruptedException {
        return node.start();
    }

    /** Connects to the peer. */
    Connection connect(Host host) throws CommandFailedException, InterruptedException {
        Multiaddr target = Required.argument(address);
        var dial = target.peerId().isPresent() ? host.dial(target) : host.dial(target, DialOptions.toAnyPeer());
        return Await.result(dial, host.config().get(HostConfig.DIAL_TIMEOUT).plus(BEYOND_DIAL_TIMEOUT));
    }
}
