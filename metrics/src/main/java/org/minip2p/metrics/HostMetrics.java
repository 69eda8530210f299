package org.minip2p.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.minip2p.core.Role;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObserver;

/**
 * Registers the metrics of hosts in a Micrometer registry: under the names, labels and bucket bounds of go-libp2p if both count the same thing,
 * as {@code minip2p_…} otherwise. The page {@code docs/metrics.md} has the list. No label contains a peer id, an address or text from a peer.
 *
 * <pre>{@code
 * PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
 * Host host = Host.builder()
 *         .listen("/ip4/0.0.0.0/tcp/4001")
 *         .observer(HostMetrics.in(registry))
 *         .start()
 *         .join();
 * String page = registry.scrape();
 * }</pre>
 *
 * <p>One object may observe several hosts and adds up their figures. A registry that throws, or does not return, does not affect a host; see
 * {@link HostObserver}. Gauges (memory, sockets, queues, bytes) are read from {@link Host#figures}, at most four times a second.
 *
 * <p>Thread-safe.
 */
public final class HostMetrics implements HostObserver {
    private final HostSum hosts;
    private final SwarmMeters swarm;
    private final StreamMeters streams;
    private final RefusalMeters refusals;

    private HostMetrics(MeterRegistry registry) {
        hosts = new HostSum(System::nanoTime);
        swarm = new SwarmMeters(registry);
        streams = new StreamMeters(registry, hosts);
        refusals = new RefusalMeters(registry);
        StateMeters.register(registry, hosts);
    }

    /**
     * Registers the gauges of a host now, and counters and timers when they first occur.
     *
     * @param registry gets the meters
     * @return an observer for {@link HostBuilder#observer}
     */
    public static HostMetrics in(MeterRegistry registry) {
        return new HostMetrics(Objects.requireNonNull(registry, "registry"));
    }

    /** The label of a direction. */
    static String direction(Role role) {
        return role == Role.INITIATOR ? "outbound" : "inbound";
    }

    @Override
    public void hostStarted(Host host) {
        hosts.add(host);
    }

    @Override
    public void hostClosed(Host host) {
        hosts.remove(host);
    }

    @Override
    public void dialEnded(HostObservation.DialEnded dial) {
        swarm.dialEnded(dial);
    }

    @Override
    public void stagePassed(HostObservation.StagePassed stage) {
        swarm.stagePassed(stage);
    }

    @Override
    public void socketFailed(HostObservation.SocketFailed socket) {
        refusals.socketFailed(socket);
        swarm.socketFailed(socket);
    }

    @Override
    public void connectionOpened(HostObservation.ConnectionOpened connection) {
        swarm.connectionOpened(connection);
    }

    @Override
    public void connectionClosed(HostObservation.ConnectionClosed connection) {
        swarm.connectionClosed(connection);
    }

    @Override
    public void streamOpened(HostObservation.StreamOpened stream) {
        streams.opened(stream);
    }

    @Override
    public void streamClosed(HostObservation.StreamClosed stream) {
        streams.closed(stream);
    }

    @Override
    public void streamFailed(HostObservation.StreamFailed stream) {
        refusals.streamFailed(stream);
    }
}
