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
 * <p>{@code minip2p settings} prints all settings with their defaults and ranges. A setting of a lower layer is the same object as in
 * that layer.
 */
public final class HostConfig extends Config<HostConfig> {
    private static final Settings SETTINGS = new Settings();

    /** The most connections; a sixteenth of these, but at most 64, is reserved for dialed ones. */
    public static final Setting<Integer> MAX_CONNECTIONS = SETTINGS.add(Setting.count(
            "maxConnections",
            1024,
            1,
            "The most connections; a sixteenth of these, but at most 64, is reserved for dialed ones."));

    /** The most connections to one peer; at least 2, since with 1 a mutual dial can close both connections. */
    public static final Setting<Integer> MAX_CONNECTIONS_PER_PEER = SETTINGS.add(Setting.count(
            "maxConnectionsPerPeer",
            2,
            2,
            "The most connections to one peer; at least 2, since with 1 a mutual dial can close both connections."));

    /** The most peers; a further peer must be protected and displaces an unprotected one. */
    public static final Setting<Integer> MAX_PEERS = SETTINGS.add(Setting.count(
            "maxPeers", 1024, 1, "The most peers; a further peer must be protected and displaces an unprotected one."));

    /** Above this number of peers, the host drops peers that are not in use, new or protected. */
    public static final Setting<Integer> TRIM_ABOVE_PEERS = SETTINGS.add(Setting.count(
            "trimAbovePeers",
            768,
            1,
            "Above this number of peers, the host drops peers that are not in use, new or protected."));

    /** How many peers trimming leaves, if it may drop enough of them; at most trimAbovePeers. */
    public static final Setting<Integer> TRIM_TO_PEERS = SETTINGS.add(Setting.count(
            "trimToPeers",
            640,
            0,
            "How many peers trimming leaves, if it may drop enough of them; at most trimAbovePeers."));

    /** How long trimming spares a peer after it has connected. */
    public static final Setting<Duration> TRIM_GRACE =
            SETTINGS.add(timeout("trimGrace", 20, "How long trimming spares a peer after it has connected."));

    /** The most accepted connections from one IPv4 address or IPv6 /56; loopback has no limit. */
    public static final Setting<Integer> MAX_CONNECTIONS_PER_IP = SETTINGS.add(Setting.count(
            "maxConnectionsPerIp",
            64,
            1,
            "The most accepted connections from one IPv4 address or IPv6 /56; loopback has no limit."));

    /** The most accepted connections from one IPv6 /48. */
    public static final Setting<Integer> MAX_CONNECTIONS_PER_IPV6_SITE = SETTINGS.add(
            Setting.count("maxConnectionsPerIpv6Site", 256, 1, "The most accepted connections from one IPv6 /48."));

    /** The most accepted sockets that are still upgrading, and as many dialed ones; one more closes the oldest accepted one. */
    public static final Setting<Integer> MAX_PENDING_UPGRADES = SETTINGS.add(
            Setting.count(
                    "maxPendingUpgrades",
                    64,
                    1,
                    "The most accepted sockets that are still upgrading, and as many dialed ones; one more closes the oldest accepted one."));

    /** The most accepted sockets of one address still upgrading after a second; one more closes the oldest. */
    public static final Setting<Integer> MAX_PENDING_UPGRADES_PER_IP = SETTINGS.add(Setting.count(
            "maxPendingUpgradesPerIp",
            16,
            1,
            "The most accepted sockets of one address still upgrading after a second; one more closes the oldest."));

    /** The most slow identity proofs (all keys except Ed25519) checked at once, outside the event loops. */
    public static final Setting<Integer> MAX_VERIFICATIONS = SETTINGS.add(Setting.count(
            "maxVerifications",
            4,
            1,
            "The most slow identity proofs (all keys except Ed25519) checked at once, outside the event loops."));

    /** How long a socket may take from its first packet to an established connection. */
    public static final Setting<Duration> UPGRADE_TIMEOUT = SETTINGS.add(timeout(
            "upgradeTimeout", 10, "How long a socket may take from its first packet to an established connection."));

    /** How long one dial may take, including all its addresses. */
    public static final Setting<Duration> DIAL_TIMEOUT =
            SETTINGS.add(timeout("dialTimeout", 30, "How long one dial may take, including all its addresses."));

    /** How long one look-up of a host name may take. */
    public static final Setting<Duration> NAME_TIMEOUT =
            SETTINGS.add(timeout("nameTimeout", 5, "How long one look-up of a host name may take."));

    /** The average wait before a lost kept connection is dialed again; each failure doubles it. */
    public static final Setting<Duration> RECONNECT_DELAY = SETTINGS.add(Setting.duration(
            "reconnectDelay",
            Duration.ofSeconds(1),
            Duration.ofMillis(1),
            "The average wait before a lost kept connection is dialed again; each failure doubles it."));

    /** The longest wait between two attempts to connect to a kept peer. */
    public static final Setting<Duration> MAX_RECONNECT_DELAY = SETTINGS.add(Setting.duration(
            "maxReconnectDelay",
            Duration.ofMinutes(1),
            Duration.ofMillis(1),
            "The longest wait between two attempts to connect to a kept peer."));

    /** How long a connection without a stream or a lease stays open; zero turns it off. */
    public static final Setting<Duration> IDLE_TIMEOUT = SETTINGS.add(timeout(
            "idleTimeout", 30, "How long a connection without a stream or a lease stays open; zero turns it off."));

    /** How long an idle connection stays open when there is another one to the same peer. */
    public static final Setting<Duration> SUPERSEDED_TIMEOUT = SETTINGS.add(timeout(
            "supersededTimeout",
            5,
            "How long an idle connection stays open when there is another one to the same peer."));

    /** How long a closing connection waits for streams that still have something to send. */
    public static final Setting<Duration> DRAIN_TIMEOUT = SETTINGS.add(timeout(
            "drainTimeout", 5, "How long a closing connection waits for streams that still have something to send."));

    /** How long a closed connection still reads and discards data, so that its last bytes reach the peer. */
    public static final Setting<Duration> LINGER_TIMEOUT = SETTINGS.add(timeout(
            "lingerTimeout",
            1,
            "How long a closed connection still reads and discards data, so that its last bytes reach the peer."));

    /** How often the peer is pinged, and how long it may be silent after a ping; zero turns keep-alive off. */
    public static final Setting<Duration> KEEP_ALIVE_INTERVAL = SETTINGS.add(YamuxConfig.KEEP_ALIVE_INTERVAL);

    /** How long opening a stream may take by default, including the wait for a free slot. */
    public static final Setting<Duration> OPEN_TIMEOUT = SETTINGS.add(Setting.duration(
            "openTimeout",
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            "How long opening a stream may take by default, including the wait for a free slot."));

    /** How long the protocol negotiation of one stream may take. */
    public static final Setting<Duration> NEGOTIATION_TIMEOUT = SETTINGS.add(
            timeout("negotiationTimeout", 10, "How long the protocol negotiation of one stream may take."));

    /** The most proposals that are answered in one negotiation; one more ends it. */
    public static final Setting<Integer> MAX_PROPOSALS = SETTINGS.add(MultistreamConfig.MAX_PROPOSALS);

    /** The most inbound streams of one connection that are still negotiating their protocol. */
    public static final Setting<Integer> MAX_NEGOTIATING_STREAMS = SETTINGS.add(Setting.count(
            "maxNegotiatingStreams",
            128,
            1,
            "The most inbound streams of one connection that are still negotiating their protocol."));

    /** The most inbound streams of one connection; one more is reset. */
    public static final Setting<Integer> MAX_INBOUND_STREAMS = SETTINGS.add(YamuxConfig.MAX_INBOUND_STREAMS);

    /** The most unacknowledged inbound streams of one connection; below 256, go and rust peers lose streams. */
    public static final Setting<Integer> MAX_UNACKNOWLEDGED_STREAMS =
            SETTINGS.add(YamuxConfig.MAX_UNACKNOWLEDGED_STREAMS);

    /** The most outbound streams of one connection; more have to wait. A rust peer ends the connection at 512. */
    public static final Setting<Integer> MAX_OUTBOUND_STREAMS = SETTINGS.add(YamuxConfig.MAX_OUTBOUND_STREAMS);

    /** The most resets that a peer may cause within resetWindow beyond its cleanly ended streams; one more ends the connection. */
    public static final Setting<Integer> MAX_RESETS = SETTINGS.add(YamuxConfig.MAX_RESETS);

    /** The time over which maxResets counts. */
    public static final Setting<Duration> RESET_WINDOW = SETTINGS.add(YamuxConfig.RESET_WINDOW);

    /** The most unsent bytes that a stream accepts from tasks that begin while it is not writable; one more resets it. */
    public static final Setting<Long> STREAM_SEND_QUEUE_BYTES = SETTINGS.add(YamuxConfig.STREAM_SEND_QUEUE_BYTES);

    /** The largest receive window of one stream. */
    public static final Setting<Long> MAX_STREAM_WINDOW_BYTES = SETTINGS.add(YamuxConfig.MAX_STREAM_WINDOW_BYTES);

    /** The most unread and unsent bytes of one connection, and the most that it grants beyond the initial windows. */
    public static final Setting<Long> CONNECTION_BUDGET_BYTES = SETTINGS.add(YamuxConfig.CONNECTION_BUDGET_BYTES);

    /** The most unread and unsent bytes of all connections; 0 means a quarter of the heap or direct memory. */
    public static final Setting<Long> HOST_MEMORY_BYTES = SETTINGS.add(Setting.bytes(
            "hostMemoryBytes",
            0,
            0,
            "The most unread and unsent bytes of all connections; 0 means a quarter of the heap or direct memory."));

    /** How long a closed stream may take to send its data before it is reset, plus a second for each 16 KiB. */
    public static final Setting<Duration> CLOSE_TIMEOUT = SETTINGS.add(YamuxConfig.CLOSE_TIMEOUT);

    /** How long a closed stream that has sent its FIN waits for the peer's FIN before it is reset. */
    public static final Setting<Duration> FIN_TIMEOUT = SETTINGS.add(YamuxConfig.FIN_TIMEOUT);

    /** How long a stream whose input has ended may go without writing or sending a byte before it is closed. */
    public static final Setting<Duration> HALF_OPEN_TIMEOUT = SETTINGS.add(YamuxConfig.HALF_OPEN_TIMEOUT);

    /** How long the socket may accept fewer than 256 of the waiting bytes before the connection ends. */
    public static final Setting<Duration> WRITE_STALL_TIMEOUT = SETTINGS.add(YamuxConfig.WRITE_STALL_TIMEOUT);

    /** The most events that wait for the application; at the limit, the host neither accepts nor dials. */
    public static final Setting<Integer> MAX_WAITING_EVENTS = SETTINGS.add(Setting.count(
            "maxWaitingEvents",
            1024,
            1,
            "The most events that wait for the application; at the limit, the host neither accepts nor dials."));

    /** How long a listener may take for an event before the connections of the event's peer are closed. */
    public static final Setting<Duration> LISTENER_TIMEOUT = SETTINGS.add(Setting.duration(
            "listenerTimeout",
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            "How long a listener may take for an event before the connections of the event's peer are closed."));

    /** Whether to send data right after the proposal, without waiting for the answer, if there is only one proposal. */
    public static final Setting<Boolean> PIPELINING = SETTINGS.add(
            Setting.flag(
                    "pipelining",
                    true,
                    "Whether to send data right after the proposal, without waiting for the answer, if there is only one proposal."));

    /** Whether the muxer is agreed on inside the Noise handshake. */
    public static final Setting<Boolean> EARLY_MUXER_NEGOTIATION = SETTINGS.add(NoiseConfig.EARLY_MUXER_NEGOTIATION);

    private static final HostConfig DEFAULTS = new HostConfig(SETTINGS.defaults());

    private HostConfig(SettingValues values) {
        super(values);
    }

    /** {@return the defaults} */
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
