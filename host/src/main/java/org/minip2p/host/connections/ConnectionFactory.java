package org.minip2p.host.connections;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.host.limits.HostMemory;
import org.minip2p.host.observing.SocketMeter;
import org.minip2p.host.streams.StreamNegotiation;
import org.minip2p.host.streams.Uses;
import org.minip2p.noise.SecureSession;
import org.minip2p.yamux.SendWindow;
import org.minip2p.yamux.YamuxConfig;

/** Installs the muxer on the sockets of one host, and numbers its connections. Thread-safe. */
public final class ConnectionFactory {
    private final YamuxConfig yamux;
    private final HostMemory memory;
    private final StreamNegotiation negotiation;
    private final ConnectionTimeouts timeouts;
    private final LongSupplier nanoTime;
    private final AtomicLong lastId = new AtomicLong();

    /**
     * For one host.
     *
     * @param yamux the muxer's limits
     * @param memory the shared memory of all connections
     * @param negotiation how their streams agree on a protocol
     * @param timeouts the time-outs of each connection
     * @param nanoTime the clock for idle times, in nanoseconds
     */
    public ConnectionFactory(
            YamuxConfig yamux,
            HostMemory memory,
            StreamNegotiation negotiation,
            ConnectionTimeouts timeouts,
            LongSupplier nanoTime) {
        this.yamux = within(memory.limitBytes(), yamux);
        this.memory = memory;
        this.negotiation = negotiation;
        this.timeouts = timeouts;
        this.nanoTime = nanoTime;
    }

    /** One connection gets at most half of the total, and one window at most a quarter. */
    private static YamuxConfig within(long hostBytes, YamuxConfig yamux) {
        return yamux.with(
                        YamuxConfig.CONNECTION_BUDGET_BYTES,
                        atMost(hostBytes / 2, yamux.get(YamuxConfig.CONNECTION_BUDGET_BYTES)))
                .with(
                        YamuxConfig.MAX_STREAM_WINDOW_BYTES,
                        atMost(hostBytes / 4, yamux.get(YamuxConfig.MAX_STREAM_WINDOW_BYTES)));
    }

    private static long atMost(long limit, long configured) {
        return Math.min(configured, Math.max(limit, SendWindow.INITIAL_BYTES));
    }

    /** Creates a connection.
     *
     * @param channel the socket; the muxer is not in its pipeline yet
     * @param role {@link Role#INITIATOR} when this side dialed
     * @param secured the peer at the other end
     * @param decided runs on the event loop when the host has decided on it
     * @param meter measures it; null without observers and recordings
     */
    public UndecidedConnection connection(
            Channel channel, Role role, SecureSession secured, Runnable decided, @Nullable SocketMeter meter) {
        MuxedSocket socket =
                new MuxedSocket(lastId.incrementAndGet(), channel, role, yamux, memory, timeouts, new Uses(nanoTime));
        if (meter != null) {
            socket.measure(meter);
        }
        return new UndecidedConnection(socket, role, secured, negotiation, decided);
    }
}
