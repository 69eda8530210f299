package org.minip2p.host.observing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.host.HostFigures;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObservation.IpVersion;
import org.minip2p.host.HostObservation.Stage;
import org.minip2p.host.HostObservation.StreamFailed;
import org.minip2p.host.HostObservation.StreamFault;
import org.minip2p.host.recording.Recorder;

/**
 * Measures a host for its observers and for the JVM's Flight Recorder. Without either, nothing is measured: the methods that return a
 * meter for a socket, a stream or a dial return null, and allocate nothing. Thread-safe.
 */
public final class HostMeter {
    private static final HostFigures.Traffic NOTHING = new HostFigures.Traffic(0, 0, List.of());

    private final @Nullable ObserverFeed feed;
    private final Recorder recorder;
    private final LongSupplier nanoTime;
    private final TrafficCounter traffic = new TrafficCounter();

    /**
     * Creates the meter.
     *
     * @param feed gets the observations; null without observers
     * @param recorder records them, too, while a recording runs
     * @param nanoTime the clock, in nanoseconds
     */
    public HostMeter(@Nullable ObserverFeed feed, Recorder recorder, LongSupplier nanoTime) {
        this.feed = feed;
        this.recorder = recorder;
        this.nanoTime = nanoTime;
    }

    /** The receiver of observations; null without observers. */
    public @Nullable ObserverFeed feed() {
        return feed;
    }

    /** The meter of one socket, from its start; null without observers and recordings. */
    public @Nullable SocketMeter socket(Role role) {
        return feed != null || recorder.isRecordingSockets() ? new SocketMeter(this, role) : null;
    }

    /**
     * The meter of one stream, from its start; null without observers and recordings.
     *
     * @param role {@link Role#INITIATOR} when this side opens it
     * @param connection the host's number for its connection
     */
    public @Nullable StreamMeter stream(Role role, long connection) {
        Recorder.Stream recorded = recorder.stream();
        return feed != null || recorded != null ? new StreamMeter(this, role, connection, recorded) : null;
    }

    /** A socket was never opened, or not permitted. */
    public void socketFailed(Role role, Stage stage, @Nullable SocketAddress remote, Throwable cause) {
        Recorder.Stage recorded = recorder.stage();
        if (feed == null && recorded == null) {
            return;
        }
        HostObservation.SocketFailed failed =
                new HostObservation.SocketFailed(role, stage, SocketFaults.of(cause), ipVersion(remote), Duration.ZERO);
        tell(failed);
        if (recorded != null) {
            recorded.failed(failed, remote, cause);
        }
    }

    /**
     * A dial has begun; the returned meter reports its end. Null without observers and recordings.
     *
     * @param peer the dialed peer; null for any peer
     */
    public @Nullable DialMeter dial(@Nullable PeerId peer) {
        Recorder.Dial recorded = recorder.dial();
        return feed != null || recorded != null ? new DialMeter(this, peer, recorded) : null;
    }

    /**
     * A stream has failed.
     *
     * @param role {@link Role#INITIATOR} when this side opened it
     * @param fault why
     * @param connection the host's number for its connection
     */
    public void streamFailed(Role role, StreamFault fault, long connection) {
        Recorder.Stream recorded = recorder.stream();
        if (feed == null && recorded == null) {
            return;
        }
        StreamFailed failed = new StreamFailed(role, fault);
        tell(failed);
        if (recorded != null) {
            recorded.failed(failed, connection, 0, 0, 0);
        }
    }

    /** Received and sent bytes; zero without observers. */
    public HostFigures.Traffic figures() {
        return feed == null ? NOTHING : traffic.figures();
    }

    /** The number of waiting observations; approximate. */
    public int waiting() {
        return feed == null ? 0 : feed.waiting();
    }

    /** The number of dropped observations. */
    public long lost() {
        return feed == null ? 0 : feed.lost();
    }

    void tell(HostObservation observation) {
        if (feed != null) {
            feed.tell(observation);
        }
    }

    Recorder recorder() {
        return recorder;
    }

    TrafficCounter traffic() {
        return traffic;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    Duration since(long nanos) {
        return Duration.ofNanos(Math.max(0, now() - nanos));
    }

    static IpVersion ipVersion(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return IpVersion.UNKNOWN;
        }
        if (inet.getAddress() instanceof Inet4Address) {
            return IpVersion.IP4;
        }
        return inet.getAddress() instanceof Inet6Address ? IpVersion.IP6 : IpVersion.UNKNOWN;
    }
}
