package org.minip2p.cli;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.MultiaddrProtocol;
import org.minip2p.core.TcpTarget;
import org.minip2p.host.Host;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.Perf;
import org.minip2p.protocols.Ping;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves peers until it is stopped. */
@Command(
        name = "listen",
        description = "Serve ping, identify, /echo/1.0.0 and node info until stopped (Ctrl-C, SIGTERM).")
final class ListenCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration FIGURES_INTERVAL = Duration.ofMinutes(1);

    private final Minip2pCommand root;

    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(
            names = "--listen",
            paramLabel = "MULTIADDR",
            defaultValue = "/ip4/127.0.0.1/tcp/0",
            description =
                    "Where to listen, may be given several times; ${DEFAULT-VALUE} (any free port of this machine's "
                            + "own network) by default.")
    private List<Multiaddr> listen = new ArrayList<>();

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--perf",
            description = "Serve perf, with which a peer can make this node send without limit; "
                    + "served by default when every address is a loopback address.")
    private boolean perf;

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            converter = Arguments.Port.class,
            description = "Serve metrics for Prometheus as /metrics on this loopback port; 0 takes a free port.")
    private @Nullable Integer metricsPort;

    @Option(names = "--until-stdin-eof", description = "Also stop at the end of standard input.")
    private boolean untilStdinEof;

    ListenCommand(Minip2pCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        EventPrinter printer = new EventPrinter(root.output());
        try (StopSignal stop = StopSignal.ofProcess()) {
            if (untilStdinEof) {
                stop.watch(root.terminal().in());
            }
            try (NodeFigures figures = new NodeFigures();
                    Host host = node.start(figures.observers(metricsPort != null, node.isVerbose()))) {
                serve(host, printer);
                for (Multiaddr address : listen) {
                    Await.result(host.listen(address), LIMIT);
                }
                printer.listening(host);
                if (metricsPort != null) {
                    String url = figures.serve(metricsPort);
                    printer.print("metrics", new Report().both("url", url, "at", url));
                }
                if (node.isVerbose()) {
                    figures.log(host, FIGURES_INTERVAL);
                }
                stop.await();
            }
            printer.print("stopped", new Report());
            stop.finished(ExitCode.OK);
        }
        return ExitCode.OK;
    }

    private void serve(Host host, EventPrinter printer) {
        Ping.install(host);
        Identify.install(host, Version.agent());
        host.handle(EchoHandler.PROTOCOL, HALF_OPEN, EchoHandler::serve);
        if (perf || listen.stream().allMatch(ListenCommand::isLoopback)) {
            Perf.install(host);
        }
        network.infos().serve(host, printer);
        host.addListener(printer);
    }

    /** Whether only this machine can reach the address; a name could resolve to any address. */
    private static boolean isLoopback(Multiaddr address) {
        return address.tcp()
                .map(TcpTarget::host)
                .filter(host -> host.protocol() == MultiaddrProtocol.IP4 || host.protocol() == MultiaddrProtocol.IP6)
                .map(host -> literal(host.value()).isLoopbackAddress())
                .orElse(false);
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address in figures needs no look-up: " + address, e);
        }
    }
}
