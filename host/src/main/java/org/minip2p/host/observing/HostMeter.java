package org.minip2p.host.observing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.host.HostFigures;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObservation.IpVersion;
import org.minip2p.host.HostObservation.Stage;
import org.minip2p.host.HostObservation.StreamFault;

/**
 * Measures what observers of one host are told. A host that nobody observes has none, and its parts ask for no more than that. Thread-safe.
 */
public final class HostMeter {
    private final ObserverFeed feed;
    private final LongSupplier nanoTime;
    private final TrafficCounter traffic = new TrafficCounter();

    /**
     * Nothing is measured yet.
     *
     * @param feed takes what was
     * @param nanoTime the clock, in nanoseconds
     */
    public HostMeter(ObserverFeed feed, LongSupplier nanoTime) {
        this.feed = feed;
        this.nanoTime = nanoTime;
    }

    /** Where it goes. */
    public ObserverFeed feed() {
        return feed;
    }

    /** For one socket, from its begin. */
    public SocketMeter socket(Role role) {
        return new SocketMeter(this, role);
    }

    /** For one stream, from its begin. */
    public StreamMeter stream(Role role) {
        return new StreamMeter(this, role);
    }

    /** A socket was never opened, or not permitted. */
    public void socketFailed(Role role, Stage stage, @Nullable SocketAddress remote, Throwable cause) {
        tell(new HostObservation.SocketFailed(role, stage, SocketFaults.of(cause), ipVersion(remote), Duration.ZERO));
    }

    /** A dial has begun; what is returned tells its end. */
    public DialMeter dial() {
        return new DialMeter(this);
    }

    /** There is no stream. */
    public void streamFailed(Role role, StreamFault fault) {
        tell(new HostObservation.StreamFailed(role, fault));
    }

    /** What came and went. */
    public HostFigures.Traffic figures() {
        return traffic.figures();
    }

    void tell(HostObservation observation) {
        feed.tell(observation);
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
