package org.minip2p.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;
import org.minip2p.host.HostFigures;

/** Gauges of hosts, read when the registry asks. */
final class StateMeters {
    private static final String CONNECTIONS = "libp2p.rcmgr.connections";
    private static final String CONNECTIONS_HELP = "Connections; transient: sockets that are not connections yet";
    private static final String SOCKETS_HELP = "Sockets; transient: those that are not yet a connection";
    private static final String SYSTEM = "system";
    private static final String TRANSIENT = "transient";

    private final MeterRegistry registry;
    private final HostSum hosts;

    private StateMeters(MeterRegistry registry, HostSum hosts) {
        this.registry = registry;
        this.hosts = hosts;
    }

    static void register(MeterRegistry registry, HostSum hosts) {
        new StateMeters(registry, hosts).register();
    }

    private void register() {
        gauge(CONNECTIONS, CONNECTIONS_HELP, each -> each.sockets().inbound(), "dir", "inbound", "scope", SYSTEM);
        gauge(CONNECTIONS, CONNECTIONS_HELP, each -> each.sockets().outbound(), "dir", "outbound", "scope", SYSTEM);
        gauge(
                CONNECTIONS,
                CONNECTIONS_HELP,
                each -> each.sockets().pendingInbound(),
                "dir",
                "inbound",
                "scope",
                TRANSIENT);
        gauge(
                CONNECTIONS,
                CONNECTIONS_HELP,
                each -> each.sockets().pendingOutbound(),
                "dir",
                "outbound",
                "scope",
                TRANSIENT);
        gauge("libp2p.rcmgr.fds", SOCKETS_HELP, each -> each.sockets().total(), "scope", SYSTEM);
        gauge(
                "libp2p.rcmgr.fds",
                SOCKETS_HELP,
                each -> each.sockets().pendingInbound() + each.sockets().pendingOutbound(),
                "scope",
                TRANSIENT);
        gauge("minip2p.dials.pending", "Pending dials", each -> each.sockets().dials());
        gauge(
                "libp2p.rcmgr.memory",
                "Bytes held, unread or unsent",
                each -> each.memory().heldBytes(),
                "scope",
                SYSTEM,
                "protocol",
                "");
        gauge(
                "minip2p.memory.held.bytes",
                "Bytes held, unread or unsent",
                each -> each.memory().heldBytes());
        gauge(
                "minip2p.memory.limit.bytes",
                "Bytes that may be held",
                each -> each.memory().limitBytes());
        gauge(
                "minip2p.memory.holders",
                "Connections that hold bytes",
                each -> each.memory().holders());
        gauge(
                "minip2p.events.waiting",
                "Events not delivered to listeners yet",
                each -> each.queues().events());
        gauge(
                "minip2p.observations.waiting",
                "Observations not delivered yet",
                each -> each.queues().observations());
        FunctionCounter.builder("minip2p.observations.lost", hosts, HostSum::observationsLost)
                .description("Observations that were dropped")
                .register(registry);
        bytes(
                "minip2p.socket.bytes",
                "Bytes of sockets",
                "read",
                sum -> sum.sockets().read());
        bytes(
                "minip2p.socket.bytes",
                "Bytes of sockets",
                "written",
                sum -> sum.sockets().written());
    }

    private void gauge(String name, String help, ToLongFunction<HostFigures> figure, String... tags) {
        Gauge.builder(name, hosts, sum -> sum.sum(figure))
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void bytes(String name, String help, String way, ToLongFunction<HostSum> figure) {
        FunctionCounter.builder(name, hosts, figure::applyAsLong)
                .description(help)
                .tags("way", way)
                .register(registry);
    }
}
