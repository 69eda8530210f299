package org.minip2p.host;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.connections.ConnectionFactory;
import org.minip2p.host.connections.ConnectionTimeouts;
import org.minip2p.host.events.EventBounds;
import org.minip2p.host.events.Events;
import org.minip2p.host.limits.ConnectionLimits;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.observing.HostMeter;
import org.minip2p.host.observing.ObserverFeed;
import org.minip2p.host.recording.Recorder;
import org.minip2p.host.streams.ProtocolRegistry;
import org.minip2p.host.streams.StreamFailures;
import org.minip2p.host.streams.StreamNegotiation;
import org.minip2p.host.streams.StreamWatch;
import org.minip2p.host.threads.HostThreads;
import org.minip2p.host.upgrade.Upgrade;
import org.minip2p.host.upgrade.UpgradeSettings;
import org.minip2p.host.upgrade.UpgradeStages;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.yamux.YamuxConfig;

/** From a host's settings, assembles the stages that make a connection of a socket, dialed or accepted. */
final class UpgradeAssembly {
    /** Data that waits for the application may take a quarter of the host's memory. */
    private static final int EVENTS_SHARE = 4;

    private UpgradeAssembly() {}

    /** The identity as Noise proves it. */
    static NoiseIdentity noise(HostBuilder builder, PrivateKey identity) {
        return NoiseIdentity.create(
                identity,
                NoiseConfig.defaults()
                        .withMuxers(List.of(Upgrade.YAMUX.value()))
                        .withEarlyMuxerNegotiation(builder.config.get(HostConfig.EARLY_MUXER_NEGOTIATION))
                        .withCrypto(builder.crypto));
    }

    /** The receiver of events. */
    static Events events(HostBuilder builder, HostThreads threads, HostMemory memory) {
        HostConfig config = builder.config;
        EventBounds bounds = EventBounds.of(
                config.get(HostConfig.MAX_WAITING_EVENTS),
                memory.limitBytes() / EVENTS_SHARE,
                config.get(HostConfig.LISTENER_TIMEOUT));
        return new Events(
                threads.application(), bounds, memory::charge, threads.peerExecutor(), builder.environment.nanoTime);
    }

    /** The stages of every upgrade. */
    static UpgradeStages stages(
            HostBuilder builder,
            NoiseIdentity noise,
            HostMemory memory,
            Executor verifier,
            ProtocolRegistry protocols,
            StreamFailures failures,
            HostMeter meter) {
        HostConfig config = builder.config;
        MultistreamConfig negotiation = MultistreamConfig.defaults().withSettingsOf(config);
        boolean isPipelining = config.get(HostConfig.PIPELINING);
        Set<ProtocolId> awaitConfirmation = Set.copyOf(builder.awaitConfirmation);
        ConnectionFactory connections = new ConnectionFactory(
                YamuxConfig.defaults().withSettingsOf(config),
                memory,
                new StreamNegotiation(
                        protocols,
                        negotiation,
                        config.get(HostConfig.NEGOTIATION_TIMEOUT),
                        config.get(HostConfig.MAX_NEGOTIATING_STREAMS),
                        protocol -> isPipelining && !awaitConfirmation.contains(protocol),
                        new StreamWatch(failures, meter)),
                new ConnectionTimeouts(
                        config.get(HostConfig.IDLE_TIMEOUT),
                        config.get(HostConfig.SUPERSEDED_TIMEOUT),
                        config.get(HostConfig.DRAIN_TIMEOUT),
                        config.get(HostConfig.LINGER_TIMEOUT),
                        config.get(HostConfig.OPEN_TIMEOUT)),
                builder.environment.nanoTime);
        return new UpgradeStages(
                noise,
                verifier,
                connections,
                new UpgradeSettings(
                        config.get(HostConfig.UPGRADE_TIMEOUT),
                        config.get(HostConfig.LINGER_TIMEOUT),
                        negotiation,
                        config.get(HostConfig.PIPELINING)),
                meter);
    }

    /** Measures for observers and for recordings. */
    static HostMeter meter(HostBuilder builder, HostThreads threads) {
        return new HostMeter(
                builder.observers.isEmpty() ? null : new ObserverFeed(builder.observers, threads.observer()),
                Recorder.ofJvm(),
                builder.environment.nanoTime);
    }

    static ConnectionLimits limits(HostBuilder builder) {
        HostConfig config = builder.config;
        return new ConnectionLimits(
                new ConnectionLimits.Max(
                        config.get(HostConfig.MAX_CONNECTIONS),
                        config.get(HostConfig.MAX_PENDING_UPGRADES),
                        config.get(HostConfig.MAX_PENDING_UPGRADES_PER_IP),
                        config.get(HostConfig.MAX_CONNECTIONS_PER_IP),
                        config.get(HostConfig.MAX_CONNECTIONS_PER_IPV6_SITE)),
                builder.environment.addressKey,
                builder.environment.networkKey,
                builder.environment.nanoTime);
    }
}
