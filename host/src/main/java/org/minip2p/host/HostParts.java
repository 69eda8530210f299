package org.minip2p.host;

import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.host.accepting.AcceptPace;
import org.minip2p.host.accepting.Acceptor;
import org.minip2p.host.accepting.Listeners;
import org.minip2p.host.announcing.Announcements;
import org.minip2p.host.book.BookKeeping;
import org.minip2p.host.context.PeerContext;
import org.minip2p.host.dialing.DialPermit;
import org.minip2p.host.dialing.DialSockets;
import org.minip2p.host.dialing.Dialer;
import org.minip2p.host.events.Events;
import org.minip2p.host.keeping.HostNetwork;
import org.minip2p.host.keeping.KeptPeers;
import org.minip2p.host.keeping.ReconnectDelays;
import org.minip2p.host.limits.CarefulGater;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.streams.ProtocolRegistry;
import org.minip2p.host.streams.StreamFailures;
import org.minip2p.host.table.ConnectionTable;
import org.minip2p.host.table.CutOff;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.host.trimming.PeerPlaces;
import org.minip2p.host.trimming.Protections;
import org.minip2p.host.trimming.TrimLimits;
import org.minip2p.host.trimming.TrimOrder;
import org.minip2p.host.upgrade.UpgradeStages;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.transport.AddressResolver;
import org.minip2p.transport.DnsaddrResolver;
import org.minip2p.transport.Transport;

/**
 * Creates and connects the parts of a host, those with the fewest dependencies first. It does not know {@link Host}. Immutable.
 */
final class HostParts {
    final PrivateKey identity;
    final PeerId self;
    final HostThreads threads;
    final Transport transport;
    final NoiseIdentity noise;
    final ProtocolRegistry protocols = new ProtocolRegistry();
    final Events events;
    final ConnectionTable table;
    final AddressBook addressBook;
    final BookKeeping book;
    final KeptPeers kept;
    final Protections protections;
    final Announcements announcements;
    final Listeners listeners;
    final DnsaddrResolver dnsaddrs;
    final Dialer dialer;
    final ProtocolContext context;

    final HostMeter meter;

    private final ConnectionLimits limits;
    private final HostMemory memory;

    private final HostConfig config;

    /**
     * Starts the event loops, and nothing else.
     *
     * @param builder the configuration
     * @param failures receives exceptions that no handler of a stream caught
     */
    HostParts(HostBuilder builder, StreamFailures failures) {
        identity = builder.identityOrNew();
        self = PeerId.of(identity.publicKey());
        List<Multiaddr> announced = builder.announced.stream()
                .map(address -> Announcements.own(self, address))
                .toList();
        config = builder.config;
        threads = builder.threads();
        transport = builder.transport();
        RandomGenerator random = builder.environment.random.get(); // used on the peer executor alone
        noise = UpgradeAssembly.noise(builder, identity);
        HostMemory given = builder.environment.memory;
        memory = given != null ? given : HostMemory.of(config.get(HostConfig.HOST_MEMORY_BYTES));
        events = UpgradeAssembly.events(builder, threads, memory);
        ConnectionGater gater = new CarefulGater(builder.gater);
        limits = UpgradeAssembly.limits(builder);
        meter = UpgradeAssembly.meter(builder, threads);
        addressBook = builder.addressBook();
        book = new BookKeeping(addressBook, threads.peerExecutor(), threads.resolver());
        events.addObserver(book);
        AddressResolver resolver = new AddressResolver(
                threads.resolver(),
                threads.peerExecutor(),
                config.get(HostConfig.NAME_TIMEOUT),
                builder.environment.names);
        dnsaddrs = new DnsaddrResolver(
                transport, threads.peerExecutor(), config.get(HostConfig.NAME_TIMEOUT), builder.dnsServers);
        UpgradeStages stages =
                UpgradeAssembly.stages(builder, noise, memory, threads.verifier(), protocols, failures, meter);

        protections = new Protections(limits);
        PeerPlaces places = places(builder, limits);
        table = new ConnectionTable(
                self, gater, config.get(HostConfig.MAX_CONNECTIONS_PER_PEER), places, events, threads.peerExecutor());
        AcceptPace pace = new AcceptPace(
                events, threads.peerExecutor(), limits::makeRoom, config.get(HostConfig.MAX_WAITING_EVENTS));
        listeners = new Listeners(
                transport,
                resolver,
                new Acceptor(gater, limits, stages, table, pace),
                pace,
                builder.environment.nanoTime);
        announcements = new Announcements(self, () -> listeners.addresses(self), builder.addressFilter);
        announced.forEach(announcements::add);
        DialPermit permit = new DialPermit(gater, listeners::include, limits);
        dialer = new Dialer(
                table,
                book,
                events,
                new DialSockets(resolver, dnsaddrs, permit, transport, stages),
                threads,
                random::nextDouble,
                config.get(HostConfig.DIAL_TIMEOUT));
        table.onEstablished(dialer::established);
        events.onStuck(new CutOff(threads, table));
        kept = keptPeers(builder.environment.clock, random);
        events.addObserver(kept);
        book.start();
        context = new PeerContext(threads.peerExecutor(), events, table, threads.verifier());
        builder.handlers.values().forEach(protocols::add);
    }

    /** As {@link Host#figures}. */
    HostFigures figures() {
        int inbound = 0;
        int outbound = 0;
        for (Connection connection : table.all()) {
            if (connection.role() == Role.INITIATOR) {
                outbound++;
            } else {
                inbound++;
            }
        }
        int pendingInbound = limits.pendingInbound();
        return new HostFigures(
                new HostFigures.Sockets(
                        limits.total(),
                        pendingInbound,
                        Math.max(0, limits.pending() - pendingInbound),
                        inbound,
                        outbound,
                        dialer.pending()),
                new HostFigures.Memory(memory.heldBytes(), memory.limitBytes(), memory.holders()),
                new HostFigures.Queues(events.waiting(), events.waitingBytes(), meter.waiting(), meter.lost()),
                meter.figures());
    }

    private PeerPlaces places(HostBuilder builder, ConnectionLimits limits) {
        return new PeerPlaces(
                new TrimLimits(
                        config.get(HostConfig.MAX_PEERS),
                        config.get(HostConfig.TRIM_ABOVE_PEERS),
                        config.get(HostConfig.TRIM_TO_PEERS),
                        config.get(HostConfig.TRIM_GRACE)),
                protections,
                new TrimOrder(builder.trimOrder),
                limits,
                threads.peerExecutor(),
                builder.environment.nanoTime);
    }

    private KeptPeers keptPeers(InstantSource clock, RandomGenerator random) {
        return new KeptPeers(
                new HostNetwork(table, dialer, protections, events, threads.peerExecutor()),
                threads.peerExecutor(),
                clock,
                () -> new ReconnectDelays(
                        config.get(HostConfig.RECONNECT_DELAY),
                        config.get(HostConfig.MAX_RECONNECT_DELAY),
                        random::nextDouble));
    }
}
