package org.minip2p.host;

import java.time.Duration;
import org.minip2p.core.config.Config;
import org.minip2p.core.config.Setting;
import org.minip2p.core.config.SettingValues;
import org.minip2p.core.config.Settings;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.noise.NoiseConfig;
import org.minip2p.yamux.YamuxConfig;

/**
 * Every limit and time-out of a host, with defaults that suit a node on the open network. Immutable.
 *
 * <pre>{@code
 * HostConfig.defaults()
 *         .with(HostConfig.MAX_CONNECTIONS, 16)
 *         .with(HostConfig.IDLE_TIMEOUT, Duration.ofMinutes(2))
 * }</pre>
 *
 * <p>What each setting does is the text in its declaration; {@code minip2p settings} prints them with their defaults and ranges. A
 * setting of a layer below is that layer's own object.
 */
public final class HostConfig extends Config<HostConfig> {
    private static final Settings SETTINGS = new Settings();

    public static final Setting<Integer> MAX_CONNECTIONS = SETTINGS.add(Setting.count(
            "maxConnections",
            1024,
            1,
            "The most connections; up to 64 of them, but no more than one of 16, are kept for dialed ones."));

    public static final Setting<Integer> MAX_CONNECTIONS_PER_PEER = SETTINGS.add(Setting.count(
            "maxConnectionsPerPeer",
            2,
            2,
            "The most connections to one peer; never 1, since with one on each side a mutual dial can close both."));

    public static final Setting<Integer> MAX_PEERS = SETTINGS.add(Setting.count(
            "maxPeers",
            1024,
            1,
            "The most peers; one more gets in only if it is protected and another one goes for it."));

    public static final Setting<Integer> TRIM_ABOVE_PEERS = SETTINGS.add(Setting.count(
            "trimAbovePeers", 768, 1, "Above so many peers those go that are not used, young or protected."));

    public static final Setting<Integer> TRIM_TO_PEERS = SETTINGS.add(Setting.count(
            "trimToPeers", 640, 0, "So many peers are left then, if enough of them may go; trimAbovePeers at most."));

    public static final Setting<Duration> TRIM_GRACE =
            SETTINGS.add(timeout("trimGrace", 20, "How long a peer that has come is spared when there are too many."));

    public static final Setting<Integer> MAX_CONNECTIONS_PER_IP = SETTINGS.add(Setting.count(
            "maxConnectionsPerIp",
            64,
            1,
            "The most accepted connections from one IPv4 address or IPv6 /56; loopback has no limit."));

    public static final Setting<Integer> MAX_CONNECTIONS_PER_IPV6_SITE = SETTINGS.add(
            Setting.count("maxConnectionsPerIpv6Site", 256, 1, "The most accepted connections from one IPv6 /48."));

    public static final Setting<Integer> MAX_PENDING_UPGRADES = SETTINGS.add(
            Setting.count(
                    "maxPendingUpgrades",
                    64,
                    1,
                    "The most accepted sockets that are not connections yet, beyond which the oldest goes; and as many dialed ones."));

    public static final Setting<Integer> MAX_PENDING_UPGRADES_PER_IP = SETTINGS.add(
            Setting.count(
                    "maxPendingUpgradesPerIp",
                    16,
                    1,
                    "The most accepted sockets of one address that are no connections after a second; beyond it the oldest goes."));

    public static final Setting<Integer> MAX_VERIFICATIONS = SETTINGS.add(Setting.count(
            "maxVerifications",
            4,
            1,
            "The most identity proofs checked at once off the event loops: those of all keys but Ed25519 take long."));

    public static final Setting<Duration> UPGRADE_TIMEOUT = SETTINGS.add(timeout(
            "upgradeTimeout", 10, "How long a socket may take from its first packet until it is a connection."));

    public static final Setting<Duration> DIAL_TIMEOUT =
            SETTINGS.add(timeout("dialTimeout", 30, "How long one dial may take, with all its addresses."));

    public static final Setting<Duration> NAME_TIMEOUT =
            SETTINGS.add(timeout("nameTimeout", 5, "How long one look-up of a host name may take."));

    public static final Setting<Duration> RECONNECT_DELAY = SETTINGS.add(
            Setting.duration(
                    "reconnectDelay",
                    Duration.ofSeconds(1),
                    Duration.ofMillis(1),
                    "How long, on average, a kept connection that was lost waits for its next attempt; each failure doubles it."));

    public static final Setting<Duration> MAX_RECONNECT_DELAY = SETTINGS.add(Setting.duration(
            "maxReconnectDelay",
            Duration.ofMinutes(1),
            Duration.ofMillis(1),
            "The longest wait between two attempts to connect to a peer that is kept."));

    public static final Setting<Duration> IDLE_TIMEOUT = SETTINGS.add(timeout(
            "idleTimeout", 30, "How long a connection without a stream or a lease stays open; zero turns it off."));

    public static final Setting<Duration> SUPERSEDED_TIMEOUT = SETTINGS.add(timeout(
            "supersededTimeout",
            5,
            "How long such a connection stays open when another one to the same peer serves as well."));

    public static final Setting<Duration> DRAIN_TIMEOUT = SETTINGS.add(timeout(
            "drainTimeout", 5, "How long a closing connection waits for streams that still have something to send."));

    public static final Setting<Duration> LINGER_TIMEOUT = SETTINGS.add(timeout(
            "lingerTimeout",
            1,
            "How long a closed connection reads and discards, so that the last bytes reach the peer."));

    public static final Setting<Duration> KEEP_ALIVE_INTERVAL = SETTINGS.add(YamuxConfig.KEEP_ALIVE_INTERVAL);

    public static final Setting<Duration> OPEN_TIMEOUT = SETTINGS.add(
            Setting.duration(
                    "openTimeout",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1),
                    "How long opening a stream may take, the wait for a place included, unless its caller says something else."));

    public static final Setting<Duration> NEGOTIATION_TIMEOUT = SETTINGS.add(
            timeout("negotiationTimeout", 10, "How long it may take to agree on the protocol of one stream."));

    public static final Setting<Integer> MAX_PROPOSALS = SETTINGS.add(MultistreamConfig.MAX_PROPOSALS);

    public static final Setting<Integer> MAX_NEGOTIATING_STREAMS = SETTINGS.add(Setting.count(
            "maxNegotiatingStreams",
            128,
            1,
            "The most inbound streams of one connection whose protocol is not agreed yet."));

    public static final Setting<Integer> MAX_INBOUND_STREAMS = SETTINGS.add(YamuxConfig.MAX_INBOUND_STREAMS);
    public static final Setting<Integer> MAX_UNACKNOWLEDGED_STREAMS =
            SETTINGS.add(YamuxConfig.MAX_UNACKNOWLEDGED_STREAMS);
    public static final Setting<Integer> MAX_OUTBOUND_STREAMS = SETTINGS.add(YamuxConfig.MAX_OUTBOUND_STREAMS);
    public static final Setting<Integer> MAX_RESETS = SETTINGS.add(YamuxConfig.MAX_RESETS);
    public static final Setting<Duration> RESET_WINDOW = SETTINGS.add(YamuxConfig.RESET_WINDOW);
    public static final Setting<Long> STREAM_SEND_QUEUE_BYTES = SETTINGS.add(YamuxConfig.STREAM_SEND_QUEUE_BYTES);
    public static final Setting<Long> MAX_STREAM_WINDOW_BYTES = SETTINGS.add(YamuxConfig.MAX_STREAM_WINDOW_BYTES);
    public static final Setting<Long> CONNECTION_BUDGET_BYTES = SETTINGS.add(YamuxConfig.CONNECTION_BUDGET_BYTES);
    public static final Setting<Long> HOST_MEMORY_BYTES = SETTINGS.add(
            Setting.bytes(
                    "hostMemoryBytes",
                    0,
                    0,
                    "The most bytes that all connections hold unread and unsent; 0 for a quarter of the heap or direct memory."));
    public static final Setting<Duration> CLOSE_TIMEOUT = SETTINGS.add(YamuxConfig.CLOSE_TIMEOUT);
    public static final Setting<Duration> FIN_TIMEOUT = SETTINGS.add(YamuxConfig.FIN_TIMEOUT);
    public static final Setting<Duration> HALF_OPEN_TIMEOUT = SETTINGS.add(YamuxConfig.HALF_OPEN_TIMEOUT);
    public static final Setting<Duration> WRITE_STALL_TIMEOUT = SETTINGS.add(YamuxConfig.WRITE_STALL_TIMEOUT);

    public static final Setting<Integer> MAX_WAITING_EVENTS = SETTINGS.add(Setting.count(
            "maxWaitingEvents",
            1024,
            1,
            "The most events that wait for the application; at that number nothing new is accepted or dialed."));

    public static final Setting<Duration> LISTENER_TIMEOUT = SETTINGS.add(
            Setting.duration(
                    "listenerTimeout",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1),
                    "How long a listener may take for one event before the connections of the peer that it is about are closed."));

    public static final Setting<Boolean> PIPELINING = SETTINGS.add(Setting.flag(
            "pipelining", true, "Whether a proposal is followed at once by what comes next, where only one is made."));

    public static final Setting<Boolean> EARLY_MUXER_NEGOTIATION = SETTINGS.add(NoiseConfig.EARLY_MUXER_NEGOTIATION);

    private static final HostConfig DEFAULTS = new HostConfig(SETTINGS.defaults());

    private HostConfig(SettingValues values) {
        super(values);
    }

    /** The defaults. */
    public static HostConfig defaults() {
        return DEFAULTS;
    }

    @Override
    protected HostConfig copy(SettingValues values) {
        return new HostConfig(values);
    }

    private static Setting<Duration> timeout(String name, int defaultSeconds, String text) {
        return Setting.duration(name, Duration.ofSeconds(defaultSeconds), Duration.ZERO, text);
    }
}
