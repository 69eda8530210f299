package org.minip2p.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.minip2p.core.Printable;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.protocols.Identify;
import org.minip2p.protocols.IdentifyInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Asks a peer for its identify data. */
@Command(name = "identify", description = "Ask the peer for its identity, software, protocols and addresses.")
final class IdentifyCommand implements Callable<Integer> {
    /** The protocol gives up after 5 s by itself. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final DialCommand dial;

    IdentifyCommand(DialCommand dial) {
        this.dial = dial;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        try (Host host = dial.start()) {
            Identify identify = Identify.install(host, Version.agent());
            Connection connection = dial.connect(host);
            IdentifyInfo info = Await.result("identify", identify.identify(connection), LIMIT);
            List<String> protocols = info.protocols().stream()
                    .map(protocol -> Printable.of(protocol.value()))
                    .toList();
            List<String> addresses =
                    info.listenAddresses().stream().map(Object::toString).toList();
            dial.output()
                    .result(Report.ok()
                            .line("peer", connection.remotePeer().toString())
                            .both("agentVersion", info.agentVersion(), "software", info.agentVersion())
                            .both("protocols", protocols, "speaks", String.join(" ", protocols))
                            .both("listenAddresses", addresses, "listens on", String.join(" ", addresses)));
        }
        return ExitCode.OK;
    }
}
