package org.minip2p.protocols;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.ProtocolTimeoutException;
import org.minip2p.host.StreamQuota;

/**
 * The ping protocol, both roles: 32 random bytes out, the same bytes back.
 *
 * <pre>{@code
 * Ping ping = Ping.install(host);
 * ping.ping(connection).thenAccept(roundTrip -> ...);
 * }</pre>
 *
 * <p>One object per host. Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">ping</a>
 */
public final class Ping {
    /** The protocol's name (PNG-1). */
    public static final ProtocolId ID = new ProtocolId("/ipfs/ping/1.0.0");

    /** The size of a request and of its answer (PNG-2). */
    static final int REQUEST_BYTES = 32;

    /** One for the peer's initiator, and one while it changes from an old stream to a new one (PNG-14). */
    static final int MAX_INBOUND_STREAMS = 2;

    private final ProtocolContext context;
    private final PingTimes times;
    private final RandomGenerator random;

    /** Confined to the context. */
    private final Map<PeerId, PeerPings> outbound = new HashMap<>();

    private Ping(ProtocolContext context, PingTimes times, RandomGenerator random) {
        this.context = context;
        this.random = random;
        this.times = times;
    }

    /**
     * Installs ping on a host.
     *
     * @param host the host
     * @return the object with which to ping peers
     * @throws IllegalStateException when the host already has the protocol
     */
    public static Ping install(Host host) {
        return install(host, PingTimes.DEFAULT);
    }

    static Ping install(Host host, PingTimes times) {
        return install(host, times, new SecureRandom());
    }

    /** With the random bytes of a test. */
    static Ping install(Host host, PingTimes times, RandomGenerator random) {
        ProtocolContext context = host.protocolContext();
        Ping ping = new Ping(context, times, random);
        host.handle(ID, HALF_OPEN, context.limited(StreamQuota.ofOpen(MAX_INBOUND_STREAMS), ping::answer));
        return ping;
    }

    /**
     * Measures a round trip. Pings to one peer are sent one after the other on one stream, which stays open for a few seconds for the
     * next ping. If a reused stream turns out to have ended, the ping is sent once more on a new one.
     *
     * @param connection the connection to ping over
     * @return the time from the write of the request to the complete answer; fails, 10 s from now at the latest, with
     *     {@link PingFailedException}, {@link ProtocolTimeoutException}, an {@code UnsupportedProtocolException} when the peer does not
     *     speak ping, or any other failure of the stream. Completes on a thread of the host: dependent stages must not block
     */
    public CompletableFuture<Duration> ping(Connection connection) {
        CompletableFuture<Duration> result = new CompletableFuture<>();
        try {
            context.execute(() -> outbound.computeIfAbsent(connection.remotePeer(), this::pingsTo)
                    .ping(connection, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new PingFailedException(PingFailedException.Reason.CUT, "the host is closed"));
        }
        return result;
    }

    private PeerPings pingsTo(PeerId peer) {
        return new PeerPings(context, times, random::nextBytes, () -> outbound.remove(peer));
    }

    private void answer(ProtocolStream stream) {
        stream.pipeline().addLast(new PingResponder(times.idleResponder()));
    }
}
