package org.minip2p.cli;

import java.io.IOException;
import org.minip2p.core.Multiaddr;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.protocols.Identify;

/**
 * The common part of both sides of a public test.
 *
 * @param plan the parameters from the environment
 * @param rendezvous passes on the listener's address
 * @param deadline the deadline of the plan
 * @param terminal the output for results and messages
 */
record InteropSide(InteropPlan plan, Rendezvous rendezvous, Deadline deadline, Terminal terminal) {
    /** Starts a host whose only protocol is Identify. */
    Host startHost() throws CommandFailedException, InterruptedException {
        HostBuilder builder = Host.builder();
        if (plan.isVerbose()) {
            builder.listener(new EventLog());
        }
        Host host = Await.result("start", builder.start(), deadline.left());
        Identify.install(host, Version.agent());
        return host;
    }

    /** Waits for the listener's address. */
    Multiaddr listener() throws CommandFailedException, InterruptedException, IOException {
        String address = rendezvous.await(deadline);
        if (address == null) {
            throw new CommandFailedException(
                    "no listener published an address within " + plan.timeout().toSeconds() + " s");
        }
        try {
            Multiaddr listener = Multiaddr.parse(address);
            if (listener.peerId().isPresent()) {
                return listener;
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("the listener's address: " + Failures.text(e), e);
        }
        throw new CommandFailedException("the listener's address: expected one that ends in a peer id, got " + address);
    }

    /** Dials the listener; it is a failure if another peer answers at the address. */
    Connection dial(Host host, Multiaddr listener) throws CommandFailedException, InterruptedException {
        return Await.result(host.dial(listener), deadline.left());
    }

    /** Prints results in one piece; they have left this process when it returns. */
    void print(String results) {
        terminal.out().print(results);
        terminal.out().flush();
    }
}
