package org.minip2p.host;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.core.PublicKey;
import org.minip2p.core.Role;

/**
 * An authenticated, encrypted, multiplexed connection to a peer. Only the host creates it.
 *
 * <p>Thread-safe. Futures that concern streams complete on the connection's event loop, so dependent stages must not block.
 *
 * <h2>Use and closing</h2>
 *
 * A connection without a stream and without a {@link Lease} is closed after the idle time-out. {@link #openStream} counts as a use from
 * the moment it is called, on the caller's thread: either it fails at once, or the connection is not closed as unused while it runs.
 * {@link #close} refuses new streams, waits briefly for those that still have something to send, sends GO_AWAY and closes. {@link #abort}
 * ends the connection at once.
 */
public interface Connection {
    /** {@return the number of this connection, unique in its host} */
    long id();

    /** {@return the peer at the other end; proved by the handshake} */
    PeerId remotePeer();

    /** {@return the peer's public key} */
    PublicKey remoteKey();

    /** {@return {@link Role#INITIATOR} when this side dialed} */
    Role role();

    /** {@return the address of the other end, as this side sees it} */
    Multiaddr remoteAddress();

    /** {@return this side's end of the socket} */
    Multiaddr localAddress();

    /** {@return the one thread on which this connection runs} */
    EventLoop eventLoop();

    /** {@return whether streams may be opened} */
    boolean isOpen();

    /** {@return a future that completes when the socket is closed, with the cause} */
    CompletableFuture<CloseCause> closed();

    /**
     * Opens a stream for one protocol, with {@link StreamOptions#defaults}; otherwise as {@link #openStream(ProtocolId, StreamOptions,
     * StreamHandler)}.
     *
     * @param protocol the protocol
     * @param handler gets the stream
     * @return completes with the stream when its protocol is agreed
     */
    default CompletableFuture<ProtocolStream> openStream(ProtocolId protocol, StreamHandler handler) {
        return openStream(protocol, StreamOptions.defaults(), handler);
    }

    /**
     * Opens a stream for one protocol. The proposal is sent together with what the handler writes, so the first data needs no extra round
     * trip. If the peer does not speak the protocol, or does not answer within {@code negotiationTimeout}, there is an
     * {@code UnsupportedProtocolException} or a {@link StreamOpenTimeoutException} in the stream's pipeline.
     *
     * @param protocol what to speak
     * @param options the time-out, and what the peer's end means
     * @param handler puts handlers into the stream's pipeline, on the event loop
     * @return completes when the handler has run; fails with {@link ConnectionClosedException}, with {@link StreamOpenTimeoutException} when
     *     the connection has no free stream slot in time, and with any other error that prevents opening. Cancelling it gives up the slot
     */
    default CompletableFuture<ProtocolStream> openStream(
            ProtocolId protocol, StreamOptions options, StreamHandler handler) {
        return openStream(List.of(protocol), options, handler);
    }

    /**
     * Opens a stream for the first of several protocols, with {@link StreamOptions#defaults}; otherwise as {@link #openStream(List,
     * StreamOptions, StreamHandler)}.
     *
     * @param protocols the proposals, the preferred one first
     * @param handler gets the stream
     * @return completes with the stream when its protocol is agreed
     */
    default CompletableFuture<ProtocolStream> openStream(List<ProtocolId> protocols, StreamHandler handler) {
        return openStream(protocols, StreamOptions.defaults(), handler);
    }

    /**
     * Opens a stream for the first of several protocols that the peer speaks. With more than one, nothing is sent before the peer has
     * chosen.
     *
     * @param protocols what to propose, best first; at least one
     * @param options the time-out, which then covers the peer's choice, and what the peer's end means
     * @param handler puts handlers into the stream's pipeline, on the event loop; {@link ProtocolStream#protocol} returns the agreed one
     * @return completes when the handler has run; fails as {@link #openStream(ProtocolId, StreamOptions, StreamHandler)} does, and with an
     *     {@code UnsupportedProtocolException} when the peer speaks none of several
     * @throws IllegalArgumentException when there is no protocol to propose
     */
    CompletableFuture<ProtocolStream> openStream(
            List<ProtocolId> protocols, StreamOptions options, StreamHandler handler);

    /**
     * Keeps the connection from being closed as unused.
     *
     * @return close it when this side no longer needs the connection
     * @throws ConnectionClosedException when it is already closing
     */
    Lease hold() throws ConnectionClosedException;

    /**
     * Pings the peer through the muxer, without a protocol of its own.
     *
     * @return completes with the round-trip time
     */
    CompletableFuture<Duration> ping();

    /**
     * Closes cleanly: refuses new streams, waits for streams with unsent bytes or an unanswered request, then sends GO_AWAY. Calling it
     * again changes nothing. Any thread.
     *
     * @return completes when the socket is closed
     */
    CompletableFuture<CloseCause> close();

    /**
     * Ends the connection at once, even while it is closing, for example to ban a peer. It does not wait for streams or written bytes, and
     * sends no GO_AWAY. Every stream fails with a {@code SessionClosedException} and the peer sees a reset. After this returns on
     * {@link #eventLoop}, or after its future completes on any other thread, no handler gets another byte. Calling it again changes nothing.
     * Any thread.
     *
     * @return completes when the socket is closed, with {@link CloseCause.Reason#ABORTED} unless it had ended before
     */
    CompletableFuture<CloseCause> abort();
}
