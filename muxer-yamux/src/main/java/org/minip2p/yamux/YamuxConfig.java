package org.minip2p.yamux;

import java.time.Duration;
import org.minip2p.core.config.Config;
import org.minip2p.core.config.Setting;
import org.minip2p.core.config.SettingValues;
import org.minip2p.core.config.Settings;

/** The limits of a session. Immutable. The text in each declaration says what it does. */
public final class YamuxConfig extends Config<YamuxConfig> {
    private static final Settings SETTINGS = new Settings();
    private static final Duration SHORTEST = Duration.ofMillis(1);

    // YMX-74
    public static final Setting<Integer> MAX_INBOUND_STREAMS = SETTINGS.add(Setting.count(
            "maxInboundStreams", 1024, 1, "The most inbound streams of one connection; one more is reset."));

    // YMX-72, YMX-73
    public static final Setting<Integer> MAX_UNACKNOWLEDGED_STREAMS = SETTINGS.add(Setting.count(
            "maxUnacknowledgedStreams",
            256,
            1,
            "The most unacknowledged inbound streams of one connection; below 256, go and rust peers lose streams."));

    public static final Setting<Integer> MAX_OUTBOUND_STREAMS = SETTINGS.add(Setting.count(
            "maxOutboundStreams",
            256,
            1,
            "The most outbound streams of one connection; more have to wait. A rust peer ends the connection at 512."));

    // YMX-76
    public static final Setting<Integer> MAX_RESETS = SETTINGS.add(
            Setting.count(
                    "maxResets",
                    2048,
                    1,
                    "The most resets that a peer may cause within resetWindow beyond its cleanly ended streams; one more ends the connection."));

    public static final Setting<Duration> RESET_WINDOW = SETTINGS.add(
            Setting.duration("resetWindow", Duration.ofSeconds(10), SHORTEST, "The time over which maxResets counts."));

    public static final Setting<Long> STREAM_SEND_QUEUE_BYTES = SETTINGS.add(
            Setting.bytes(
                    "streamSendQueueBytes",
                    1 << 20,
                    1,
                    "The most unsent bytes that a stream accepts from tasks that begin while it is not writable; one more resets it."));

    public static final Setting<Long> MAX_STREAM_WINDOW_BYTES = SETTINGS.add(Setting.bytes(
            "maxStreamWindowBytes",
            16 << 20,
            SendWindow.INITIAL_BYTES,
            YamuxHeader.MAX_UINT32,
            "The largest receive window of one stream."));

    public static final Setting<Long> CONNECTION_BUDGET_BYTES = SETTINGS.add(
            Setting.bytes(
                    "connectionBudgetBytes",
                    64 << 20,
                    SendWindow.INITIAL_BYTES,
                    "The most unread and unsent bytes of one connection, and the most that it grants beyond the initial windows."));

    public static final Setting<Duration> CLOSE_TIMEOUT = SETTINGS.add(Setting.duration(
            "closeTimeout",
            Duration.ofSeconds(10),
            SHORTEST,
            "How long a closed stream may take to send its data before it is reset, plus a second for each 16 KiB."));

    public static final Setting<Duration> FIN_TIMEOUT = SETTINGS.add(Setting.duration(
            "finTimeout",
            Duration.ofSeconds(60),
            SHORTEST,
            "How long a closed stream that has sent its FIN waits for the peer's FIN before it is reset."));

    public static final Setting<Duration> HALF_OPEN_TIMEOUT = SETTINGS.add(Setting.duration(
            "halfOpenTimeout",
            Duration.ofSeconds(60),
            SHORTEST,
            "How long a stream whose input has ended may go without writing or sending a byte before it is closed."));

    // YMX-63
    public static final Setting<Duration> KEEP_ALIVE_INTERVAL = SETTINGS.add(Setting.duration(
            "keepAliveInterval",
            Duration.ofSeconds(30),
            Duration.ZERO,
            "How often the peer is pinged, and how long it may be silent after a ping; zero turns keep-alive off."));

    // YMX-77
    public static final Setting<Duration> WRITE_STALL_TIMEOUT = SETTINGS.add(Setting.duration(
            "writeStallTimeout",
            Duration.ofSeconds(10),
            SHORTEST,
            "How long the socket may accept fewer than 256 of the waiting bytes before the connection ends."));

    private static final YamuxConfig DEFAULTS = new YamuxConfig(SETTINGS.defaults());

    private YamuxConfig(SettingValues values) {
        super(values);
    }

    /** The defaults. */
    public static YamuxConfig defaults() {
        return DEFAULTS;
    }

    @Override
    protected YamuxConfig copy(SettingValues values) {
        return new YamuxConfig(values);
    }
}
