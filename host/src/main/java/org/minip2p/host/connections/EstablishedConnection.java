package org.minip2p.host.connections;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Role;
import org.minip2p.host.CloseCause;
import org.minip2p.host.Connection;
import org.minip2p.host.ConnectionClosedException;
import org.minip2p.host.Lease;
import org.minip2p.host.ProtocolStream;
import org.minip2p.host.StreamHandler;
import org.minip2p.host.StreamOptions;
import org.minip2p.host.observing.SocketMeter;
import org.minip2p.host.streams.ConnectionStreams;
import org.minip2p.host.streams.StreamNegotiation;
import org.minip2p.noise.SecureSession;

/**
 * A connection that the host has admitted: the application's view of it, and the operations that only its host may use.
 * Thread-safe.
 */
public final class EstablishedConnection implements Connection {
    final MuxedSocket socket;
    private final Role role;
    private final PeerId remotePeer;
    private final PublicKey remoteKey;
    private final ConnectionStreams streams;
    private final IdleTimer idle;
    private final long establishedNanos;

    EstablishedConnection(
            MuxedSocket socket, Role role, SecureSession secured, StreamNegotiation negotiation, long nowNanos) {
        this.establishedNanos = nowNanos;
        this.socket = socket;
        this.role = role;
        this.remotePeer = secured.remotePeer();
        this.remoteKey = secured.remoteKey();
        this.streams = new ConnectionStreams(this, socket.uses(), negotiation);
        this.idle = new IdleTimer(socket);
    }

    // For the host

    /**
     * Begins to read frames. Once.
     *
     * @param ended called once, on the event loop, when the connection can no longer carry a stream
     */
    public void start(BiConsumer<EstablishedConnection, CloseCause> ended) {
        socket.onEventLoop(() -> {
            socket.start(streams, cause -> {
                idle.stop();
                SocketMeter meter = socket.meter();
                if (meter != null) {
                    meter.closed(cause);
                }
                ended.accept(this, cause);
            });
            idle.run();
        });
    }

    /** There is another connection to the same peer: this one closes when it has been unused for a while. */
    public void supersede() {
        socket.onEventLoop(idle::supersede);
    }

    /** When it was admitted, by the host's clock. */
    public long establishedNanos() {
        return establishedNanos;
    }

    /** Whether a frame of the peer has arrived, so that the peer has admitted it as well. */
    public boolean hasReceived() {
        return socket.muxer().hasReceived();
    }

    /** Whether there is neither a stream nor a lease. */
    public boolean isUnused() {
        return socket.uses().isUnused();
    }

    /** Since when it is unused, by the host's clock; valid only while it is unused. */
    public long unusedSinceNanos() {
        return socket.uses().unusedSinceNanos();
    }

    /** Closes with this cause if the connection is unused; returns whether it closes. */
    public boolean closeIfUnused(CloseCause cause) {
        return socket.closeIfUnused(cause);
    }

    /** Closes without waiting for any stream. */
    public void closeNow(CloseCause cause) {
        socket.closeNow(cause);
    }

    /** Closes cleanly, with this cause; waits this long for streams that still have something to send. */
    public CompletableFuture<CloseCause> close(CloseCause cause, Duration drain) {
        return socket.close(cause, drain);
    }

    /** The same with the default time. */
    public CompletableFuture<CloseCause> close(CloseCause cause) {
        return close(cause, socket.timeouts().drain());
    }

    /** Ends at once, with this cause. */
    public CompletableFuture<CloseCause> abort(CloseCause cause) {
        return socket.abort(cause);
    }

    // For the application

    @Override
    public long id() {
        return socket.id();
    }

    @Override
    public PeerId remotePeer() {
        return remotePeer;
    }

    @Override
    public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public Multiaddr remoteAddress() {
        return Multiaddr.ofTcp((InetSocketAddress) socket.remoteAddress());
    }

    @Override
    public Multiaddr localAddress() {
        return Multiaddr.ofTcp((InetSocketAddress) socket.localAddress());
    }

    @Override
    public EventLoop eventLoop() {
        return socket.eventLoop();
    }

    @Override
    public boolean isOpen() {
        return !socket.uses().isClosing();
    }

    @Override
    public CompletableFuture<CloseCause> closed() {
        return socket.closed();
    }

    @Override
    public CompletableFuture<ProtocolStream> openStream(
            List<ProtocolId> protocols, StreamOptions options, StreamHandler handler) {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(handler, "handler");
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("no protocol to propose");
        }
        if (!socket.uses().tryTake()) {
            return CompletableFuture.failedFuture(closedException());
        }
        return streams.open(
                socket.muxer(), protocols, options, socket.timeouts().open(), handler);
    }

    @Override
    public Lease hold() throws ConnectionClosedException {
        if (!socket.uses().tryTake()) {
            throw closedException();
        }
        return new UseLease(socket.uses());
    }

    @Override
    public CompletableFuture<Duration> ping() {
        CompletableFuture<Duration> result = new CompletableFuture<>();
        Future<Duration> answer = socket.muxer().ping();
        if (answer.isDone()) {
            answered(answer, result); // also when no event loop is left to report it
        } else {
            answer.addListener(done -> answered(answer, result));
        }
        return result;
    }

    private void answered(Future<Duration> answer, CompletableFuture<Duration> result) {
        Throwable failure = answer.cause();
        if (failure == null) {
            result.complete(answer.getNow());
        } else {
            result.completeExceptionally(failure instanceof RejectedExecutionException ? closedException() : failure);
        }
    }

    @Override
    public CompletableFuture<CloseCause> close() {
        return close(CloseCause.of(CloseCause.Reason.LOCAL));
    }

    @Override
    public CompletableFuture<CloseCause> abort() {
        return abort(CloseCause.of(CloseCause.Reason.ABORTED));
    }

    private ConnectionClosedException closedException() {
        return new ConnectionClosedException("connection " + id() + " to " + remotePeer() + " is closed or closing");
    }

    @Override
    public String toString() {
        return "connection " + id() + " " + (role == Role.INITIATOR ? "to " : "from ") + remotePeer() + " at "
                + socket.remoteAddress();
    }
}
