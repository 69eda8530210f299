package org.minip2p.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.minip2p.core.Role;
import org.minip2p.host.Host;
import org.minip2p.host.HostBuilder;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObserver;

/**
 * Puts what hosts do into a registry of Micrometer: under the names, labels and bucket bounds of go-libp2p where both count the same thing, as
 * {@code minip2p_…} otherwise. The page {@code docs/metrics.md} has the list. No label holds a peer id, an address or a text of a peer.
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
 * <p>One object may observe several hosts, whose figures are then added up. A registry that throws, or does not return, harms no host; see
 * {@link HostObserver}. What the registry asks for when it is read (memory, sockets, queues, bytes) is taken from {@link Host#figures}, at most
 * four times a second.
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
     * For hosts to come. The meters of what a host has are registered now, those of what happens when it first does.
     *
     * @param registry gets the meters
     * @return to be given to {@link HostBuilder#observer}
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
