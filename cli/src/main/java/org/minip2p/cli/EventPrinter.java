package org.minip2p.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostEvent;
import org.minip2p.host.HostListener;

/**
 * Prints the events of a listening host. A peer may connect before the first line is printed, which reports that the host listens; its
 * events wait for that line, since programs expect it first. Thread-safe.
 */
final class EventPrinter implements HostListener {
    private record Waiting(String name, Report report) {}

    private final Output output;
    private @Nullable List<Waiting> waiting = new ArrayList<>();

    EventPrinter(Output output) {
        this.output = output;
    }

    /** The host listens. */
    synchronized void listening(Host host) {
        List<String> addresses =
                host.addresses().stream().map(Multiaddr::toString).toList();
        output.event(
                "listening",
                new Report()
                        .both(
                                "peerId",
                                host.peerId().toString(),
                                "as",
                                host.peerId().toString())
                        .both("addresses", addresses, "at", String.join(" ", addresses)));
        List<Waiting> earlier = waiting;
        waiting = null;
        if (earlier != null) {
            earlier.forEach(event -> output.event(event.name(), event.report()));
        }
    }

    @Override
    public void onEvent(Host host, HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            Connection connection = established.connection();
            boolean dialed = connection.role() == Role.INITIATOR;
            String address = connection.remoteAddress().toString();
            print(
                    "connected",
                    about(connection)
                            .both("address", address, dialed ? "dialed at" : "from", address)
                            .value("dialed", dialed)
                            .value("numEstablished", established.numEstablished()));
        } else if (event instanceof HostEvent.ConnectionClosed closed) {
            Throwable error = closed.cause().error();
            String reason = closed.cause().reason().toString();
            Report report = about(closed.connection()).value("reason", reason);
            if (error != null) {
                report.value("error", Failures.text(error));
            }
            print(
                    "disconnected",
                    report.line("", error == null ? reason : reason + " " + Failures.text(error))
                            .value("numEstablished", closed.numEstablished()));
        } else if (!(event instanceof HostEvent.OutgoingConnectionFailed)
                && !(event instanceof HostEvent.IncomingConnectionFailed)) { // failed attempts are not printed
            throw new IllegalArgumentException("unknown event " + event);
        }
    }

    /** Writes an event of a protocol. */
    synchronized void print(String name, Report report) {
        if (waiting != null) {
            waiting.add(new Waiting(name, report));
        } else {
            output.event(name, report);
        }
    }

    static Report about(PeerId peer) {
        return new Report().both("peerId", peer.toString(), "", peer.toString());
    }

    private static Report about(Connection connection) {
        return about(connection.remotePeer())
                .both("connection", connection.id(), "connection", Long.toString(connection.id()));
    }
}
