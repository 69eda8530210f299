package org.minip2p.protocols;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.ProtocolContext;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.ProtocolTimeoutException;

/**
 * The perf protocol, both roles: measures how fast bytes go up and down one stream.
 *
 * <p>Any peer that can reach a host with perf can make it send without limit, so it is not on by default (PRF-14): install it only if
 * you trust the peers. Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/perf/perf.md">perf</a>
 */
public final class Perf {
    /** The protocol's name (PRF-1). */
    public static final ProtocolId ID = new ProtocolId("/perf/1.0.0");

    /** A transfer may take any time, but ends when it makes no progress for this long. */
    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

    private final Duration stallLimit;

    private Perf(Duration stallLimit) {
        this.stallLimit = stallLimit;
    }

    /**
     * Installs perf on a host.
     *
     * @param host the host
     * @return the object with which to measure other hosts
     * @throws IllegalStateException when the host already has the protocol
     */
    public static Perf install(Host host) {
        return install(host, STALL_LIMIT);
    }

    static Perf install(Host host, Duration stallLimit) {
        Perf perf = new Perf(stallLimit);
        host.handle(ID, HALF_OPEN, perf::answer);
        return perf;
    }

    /**
     * Measures other hosts without answering perf requests.
     *
     * @return the object with which to measure other hosts
     */
    public static Perf client() {
        return new Perf(STALL_LIMIT);
    }

    /**
     * Uploads, then downloads, on one stream.
     *
     * @param connection the connection
     * @param uploadBytes how many bytes to send
     * @param downloadBytes how many bytes to request, as an unsigned number: {@code -1} requests 2^64-1, for a measurement that ends
     *     when the result is cancelled (PRF-3)
     * @param progress receives the progress
     * @return completes on the connection's event loop when the stream has ended; fails with {@link PerfFailedException}, {@link
     *     ProtocolTimeoutException} when there is no progress for 30 s, or any other failure of the stream; cancelling it resets the
     *     stream (PRF-12)
     * @throws IllegalArgumentException when the upload is negative
     */
    public CompletableFuture<PerfResult> run(
            Connection connection, long uploadBytes, long downloadBytes, PerfProgress progress) {
        if (uploadBytes < 0) {
            throw new IllegalArgumentException("an upload is not negative, but was " + uploadBytes);
        }
        CompletableFuture<PerfResult> result = new CompletableFuture<>();
        PerfInitiator initiator = new PerfInitiator(uploadBytes, downloadBytes, stallLimit, progress, result);
        ProtocolContext.tie(
                connection.openStream(ID, stream -> stream.pipeline().addLast(initiator)), result);
        return result;
    }

    private void answer(ProtocolStream stream) {
        stream.pipeline().addLast(new PerfResponder(stallLimit));
    }
}
