package org.minip2p.cli;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Host;
import picocli.CommandLine.ExitCode;

/** The listener of a public test: passes its address on, and serves until it is stopped. */
final class InteropListener {
    private final InteropSide side;
    private final Consumer<Host> protocols;

    /**
     * A listener.
     *
     * @param protocols installs the protocols to serve besides Identify
     */
    InteropListener(InteropSide side, Consumer<Host> protocols) {
        this.side = side;
        this.protocols = protocols;
    }

    void run() throws CommandFailedException, InterruptedException, IOException {
        try (StopSignal stop = StopSignal.ofProcess()) {
            try (Host host = side.startHost()) {
                protocols.accept(host);
                Await.result(host.listen(side.plan().listen()), side.deadline().left());
                String address = dialable(host.addresses()).toString();
                side.rendezvous().publish(address);
                side.terminal().err().println("listening on " + address);
                serve(stop);
            }
            stop.finished(ExitCode.OK);
        }
    }

    private void serve(StopSignal stop) throws CommandFailedException, InterruptedException, IOException {
        switch (side.plan().contract()) {
            case TEST_PLANS -> {
                // Running out of time is a failure (IOP-19).
                if (!stop.await(side.deadline().left())) {
                    throw new CommandFailedException(
                            "not stopped within " + side.plan().timeout().toSeconds() + " s");
                }
            }
            case UNIFIED_TESTING -> {
                // The test ends when one side ends, and may last longer than any limit of ours (UNI-24, UNI-40).
                stop.await();
                side.rendezvous().withdraw();
            }
        }
    }

    /** An address that every implementation can dial: IPv4, and not loopback if there is another (IOP-11, UNI-17). */
    static Multiaddr dialable(List<Multiaddr> addresses) {
        List<Multiaddr> ip4 = addresses.stream()
                .filter(address -> address.toString().startsWith("/ip4/"))
                .toList();
        return ip4.stream()
                .filter(address -> !address.toString().startsWith("/ip4/127."))
                .findFirst()
                .or(() -> ip4.stream().findFirst())
                .orElseGet(() -> addresses.get(0));
    }
}
